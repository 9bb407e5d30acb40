// Light or dark, as the reader's machine asks; Bootstrap goes by an attribute.
const dark = matchMedia("(prefers-color-scheme: dark)");
const show = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
show();
dark.addEventListener("change", show);
