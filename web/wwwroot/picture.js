// Drop and crop, for the page that changes a picture. Without it the file input does, and the server crops around the middle.
(() => {
  const form = document.querySelector('form[data-picture]');
  if (!form || !window.createImageBitmap) return;
  const input = form.querySelector('input[type=file]');
  const place = form.querySelector('.picture-choice');
  const canvas = form.querySelector('canvas');
  const zoom = form.querySelector('input[type=range]');
  const side = canvas.width;
  const maxBytes = 5 * 1024 * 1024;
  let image = null; // the chosen picture; x and y say which part of it stands in the middle, 0 to 1
  let x = .5, y = .5;

  place.classList.add('can-drop');
  form.querySelector('[data-drop-hint]').hidden = false;

  const part = () => Math.min(image.width, image.height) / zoom.value;

  const draw = () => {
    const size = part();
    x = Math.min(Math.max(x, size / 2 / image.width), 1 - size / 2 / image.width);
    y = Math.min(Math.max(y, size / 2 / image.height), 1 - size / 2 / image.height);
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, side, side);
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, x * image.width - size / 2, y * image.height - size / 2, size, size, 0, 0, side, side);
  };

  const show = on => {
    form.querySelector('.picture-now .avatar').hidden = on;
    for (const part of [canvas, form.querySelector('.picture-zoom'), form.querySelector('[data-crop-hint]')]) part.hidden = !on;
    canvas.tabIndex = on ? 0 : -1;
  };

  const look = async () => {
    image = null;
    // Another file is another matter: what was said of the last one goes.
    form.querySelector('#input-file-error')?.remove();
    input.classList.remove('is-invalid');
    input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', 'input-file-hint');
    const file = input.files[0];
    // What the browser cannot show, or is too large, is the server's to refuse in words.
    if (file && file.size <= maxBytes) try { image = await createImageBitmap(file); } catch { /* left to the server */ }
    show(!!image);
    [x, y, zoom.value] = [.5, .5, 1];
    if (image) draw();
  };

  const move = (dx, dy) => {
    x -= dx * part() / image.width;
    y -= dy * part() / image.height;
    draw();
  };

  input.addEventListener('change', look);
  zoom.addEventListener('input', draw);
  canvas.addEventListener('pointerdown', event => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener('pointermove', event => {
    if (event.buttons) move(event.movementX / canvas.clientWidth, event.movementY / canvas.clientHeight);
  });
  canvas.addEventListener('keydown', event => {
    const step = { ArrowLeft: [.05, 0], ArrowRight: [-.05, 0], ArrowUp: [0, .05], ArrowDown: [0, -.05] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  });

  for (const name of ['dragover', 'dragleave', 'drop'])
    form.addEventListener(name, event => {
      event.preventDefault();
      place.classList.toggle('dropping', name === 'dragover');
      if (name !== 'drop' || !event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      input.files = one.files;
      look();
    });

  // The chosen part is sent in place of the whole file.
  form.addEventListener('submit', event => {
    if (!image || form.dataset.cropped) return;
    event.preventDefault();
    canvas.toBlob(blob => {
      const one = new DataTransfer();
      one.items.add(new File([blob], 'picture.png', { type: blob.type }));
      input.files = one.files;
      form.dataset.cropped = 'true';
      form.requestSubmit(event.submitter);
    });
  });
})();
