// Decap begins by itself unless it is told to wait: form.js begins it, with its own way to read and write YAML.
window.CMS_MANUAL_INIT = true;
