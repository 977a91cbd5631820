"""A client of yaml-language-server, as an editor is one: the Language Server Protocol 3.17 over standard input and output."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SERVER = Path(__file__).parent / "editor" / "node_modules" / ".bin" / "yaml-language-server"


class Editor:
    """Opens texts at places of the file system, and asks what the server says of them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.to: IO[bytes] = process.stdin
        self.of: IO[bytes] = process.stdout
        self.asked = 0
        self.told: dict[str, list[Any]] = {}

    def open(self, path: Path, text: str) -> None:
        """Open a text as the file at a path, whatever the file holds."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def complete(self, path: Path, line: int, col: int) -> list[str]:
        """The labels offered at a place, line and column from 1."""
        at = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": col - 1}}
        found = self.ask("textDocument/completion", at)
        items = found["items"] if isinstance(found, dict) else found
        return [item["label"] for item in items or []]

    def hover(self, path: Path, line: int, col: int) -> str:
        """What is shown of the word at a place."""
        at = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": col - 1}}
        found = self.ask("textDocument/hover", at)
        return str(found["contents"]["value"]) if found else ""

    def findings(self, path: Path) -> list[tuple[int, str]]:
        """What the server finds wrong with an opened text: line from 1, and message; waits until it has said so."""
        while path.as_uri() not in self.told:
            self._receive()
        return [(each["range"]["start"]["line"] + 1, each["message"]) for each in self.told[path.as_uri()]]

    def ask(self, method: str, params: Any) -> Any:
        """A request's result."""
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self.asked and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def tell(self, method: str, params: Any) -> None:
        """A notification."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.to.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.to.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while (line := self.of.readline().strip()) != b"":
            key, _, value = line.partition(b":")
            length = int(value) if key.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self.of.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            # What the server asks its editor: its settings, mostly; it gets the defaults.
            asked = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            self._send({"id": message["id"], "result": None if asked is None else [{}] * len(asked)})
        return message


@contextmanager
def editor(root: Path) -> Iterator[Editor]:
    """An editor with a server of its own, in a workspace folder."""
    with subprocess.Popen([str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            client = Editor(process)
            capabilities = {
                "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}, "publishDiagnostics": {}}
            }
            client.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
            client.tell("initialized", {})
            yield client
        finally:
            process.kill()
