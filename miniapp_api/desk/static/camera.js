// Scanning with the camera, where the browser can read codes itself; elsewhere the button does not appear.
const button = document.getElementById("camera");
const view = document.getElementById("view");
const field = document.getElementById("read");
const AGAIN_MS = 200;

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", () => (view.hidden ? look() : stop()));
}

async function look() {
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    button.textContent = "摄像头打不开，请输入预约码";
    return;
  }
  view.hidden = false;
  button.textContent = "关摄像头";
  await view.play();
  read(new BarcodeDetector({ formats: ["qr_code"] }));
}

async function read(detector) {
  if (view.hidden) return;
  const [found] = await detector.detect(view).catch(() => []);
  if (!found) {
    setTimeout(() => read(detector), AGAIN_MS);
    return;
  }
  stop();
  field.value = found.rawValue;
  field.form.requestSubmit();
}

function stop() {
  for (const track of view.srcObject.getTracks()) track.stop();
  view.hidden = true;
  button.textContent = "用摄像头扫";
}
