"""Examples of explanations as files."""


def files_of(example: str) -> dict[str, str]:
    """Take an example apart: `# file: contexts/orders.yaml` starts another file.

    Returns:
        Text by path; the first is the root spec, `apigen.yaml`.
    """
    texts: dict[str, list[str]] = {"apigen.yaml": []}
    current = texts["apigen.yaml"]
    for line in example.splitlines(keepends=True):
        if line.startswith("# file: "):
            current = texts.setdefault(line.removeprefix("# file: ").strip(), [])
        else:
            current.append(line)
    return {name: "".join(lines) for name, lines in texts.items()}
