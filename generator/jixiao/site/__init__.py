"""Site: render pages, index them, publish the whole. Only this step writes to the disk."""
