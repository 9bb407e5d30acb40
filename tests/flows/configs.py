"""Small SST projects for pull requests."""

PACKAGE = '{ "name": "shop", "dependencies": { "sst": "4.17.0" } }\n'

FUNCTION = """\
    new sst.aws.Function("F%d", {
      handler: "src/index.handler",
      %s,
    });
"""
CONFIG = """\
export default $config({
%s  app(input) {
    return {
      name: "shop",
      home: "aws",
%s    };
  },
  async run() {
%s  },
});
"""


def config(*functions: str, root: str = "", app: str = "") -> str:
    """A config with functions (their arguments; named F0, F1 ...), a key of the `$config` root, one of what
    `app()` returns."""
    made = "".join(FUNCTION % (number, arguments) for number, arguments in enumerate(functions))
    made = made or '    new sst.aws.Bucket("Uploads");\n'
    return CONFIG % (f"  {root},\n" if root else "", f"      {app},\n" if app else "", made)


def line(text: str, one: str) -> int:
    """The number of the only line that is (indentation apart, where none is given) `one`."""
    numbers = [at for at, found in enumerate(text.splitlines(), 1) if one in {found, found.strip()}]
    assert len(numbers) == 1, (one, text)
    return numbers[0]


CLEAN = {"sst.config.ts": config(), "package.json": PACKAGE, "README.md": "# shop\n"}
