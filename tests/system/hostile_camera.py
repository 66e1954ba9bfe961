"""A camera whose page does what it can to get at the recorder, or at the camera next to it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><title>Camera</title><h1>Hello from the camera</h1>
<form id=f method=post action="{recorder}/logout" target=sink><input name=x value=1></form><iframe name=sink></iframe>
<img src="{recorder}/static/web/key.svg" onload="seen.push('img')">
<script>
const seen = window.seen = [], said = window.said = {{}};
document.cookie = "__Host-Http-session=planted; Secure; Path=/";
document.cookie = "__Host-Http-claim=" + "0".repeat(32) + "; Secure; Path=/";
async function attempt(name, call) {{ try {{ said[name] = await call(); }} catch (error) {{ said[name] = "no"; }} }}
window.done = (async () => {{
  await attempt("read", async () => (await fetch("{recorder}/home", {{credentials: "include"}})).text());
  await attempt("blind", async () => {{ await fetch("{recorder}/logout",
    {{method: "POST", mode: "no-cors", credentials: "include", body: "x=1"}}); return "sent"; }});
  await attempt("neighbour", async () => (await fetch("{neighbour}/", {{credentials: "include"}})).text());
  await attempt("worker", async () => {{ await navigator.serviceWorker.register("/worker.js"); return "yes"; }});
  await attempt("socket", () => new Promise((done) => {{ const s = new WebSocket("wss://" + location.host + "/");
    s.onopen = () => done("yes"); s.onerror = () => done("no"); }}));
  await attempt("own", async () => (await fetch("/own", {{method: "POST", body: "hello"}})).text());
  document.getElementById("f").submit();
}})();
</script>"""


class HostileCamera:
    """Use as a context. `heard`: every request, as it came: method, path, headers, body."""

    def __init__(self, address: str) -> None:
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []
        self.recorder = self.neighbour = ""
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(PAGE.format(recorder=camera.recorder, neighbour=camera.neighbour))

            def do_POST(self) -> None:
                self._answer("own answer")

            def _answer(self, text: str) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                told = {name.lower(): value for name, value in self.headers.items()}
                camera.heard.append((self.command, self.path, told, body))
                if self.path == "/away":
                    self.send_response(302)
                    self.send_header("location", camera.recorder + "/users")
                else:
                    self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("set-cookie", "__Host-Http-session=stolen; Secure; Path=/")
                self.send_header("set-cookie", "sid=of-the-camera; Path=/")
                self.send_header("access-control-allow-origin", "*")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self.at = f"{address}:{self._server.server_port}"

    def __enter__(self) -> HostileCamera:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
