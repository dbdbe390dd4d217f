// Fills the values into a sentence: `{count}` is the place of `count`.
export const filled = (words, values) => words.replace(/\{([a-z]+)\}/g, (_, name) => values[name]);
