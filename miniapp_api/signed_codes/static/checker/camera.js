// Scanning with the camera, where the browser can read codes itself; elsewhere the button does not appear.

const AGAIN_MS = 200;

/** Let a button start and stop the camera; `found` gets what was read. */
export function camera(button, view, found) {
  if (!("BarcodeDetector" in window && navigator.mediaDevices)) return;

  async function look() {
    try {
      view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      button.textContent = "摄像头打不开，请粘贴网址";
      return;
    }
    view.hidden = false;
    button.textContent = "关摄像头";
    await view.play();
    read(new BarcodeDetector({ formats: ["qr_code"] }));
  }

  async function read(detector) {
    if (view.hidden) return;
    const [code] = await detector.detect(view).catch(() => []);
    if (!code) {
      setTimeout(() => read(detector), AGAIN_MS);
      return;
    }
    stop();
    found(code.rawValue);
  }

  function stop() {
    for (const track of view.srcObject.getTracks()) track.stop();
    view.hidden = true;
    button.textContent = "用摄像头扫";
  }

  button.hidden = false;
  button.addEventListener("click", () => (view.hidden ? look() : stop()));
}
