// A landscape in 3D on a canvas: what lies behind is painted first, each square with the contours on it; then the walk,
// thin where a hill hides it.
// `hill` is {columns, rows, heights, lowest, top, levels, x1, x2, words}; `walk` is a list of points [x1, x2].
const TURN = 5, STEEPEST = 85, FLATTEST = 10, HIGH = 0.55;
const LOW_COLOUR = [32, 116, 80], HIGH_COLOUR = [216, 226, 206];

function makeHillside(row, model) {
  const box = row.appendChild(document.createElement("div"));
  box.className = "bp-frame bp-hill";
  const canvas = box.appendChild(document.createElement("canvas"));
  const view = { turn: 20, tilt: 52 };
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "slider");
  canvas.setAttribute("aria-valuemin", "0");
  canvas.setAttribute("aria-valuemax", "359");
  let land = null;

  // x1 and x2 to a square of side 2 around the origin, f to 0 ... HIGH.
  const place = (x1, x2, f) => {
    const h = model.get("hill");
    return [
      (2 * (x1 - h.x1[0])) / (h.x1[1] - h.x1[0]) - 1,
      (2 * (x2 - h.x2[0])) / (h.x2[1] - h.x2[0]) - 1,
      (HIGH * (f - h.lowest)) / (h.top - h.lowest),
    ];
  };

  // Every square of the grid, cut off at `top`, and on each the pieces of the contours.
  const survey = () => {
    const h = model.get("hill");
    const f = new Float32Array(h.heights.buffer.slice(h.heights.byteOffset, h.heights.byteOffset + h.heights.byteLength));
    const at = (i, j) => [
      h.x1[0] + ((h.x1[1] - h.x1[0]) * i) / (h.columns - 1),
      h.x2[0] + ((h.x2[1] - h.x2[0]) * j) / (h.rows - 1),
      f[j * h.columns + i],
    ];
    const cross = (p, q, level) => {
      const t = (level - p[2]) / (q[2] - p[2]);
      return [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), level];
    };
    const cells = new Map();
    for (let j = 0; j + 1 < h.rows; j++) {
      for (let i = 0; i + 1 < h.columns; i++) {
        const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
        const shape = [], lines = [];
        corners.forEach((p, n) => {
          const q = corners[(n + 1) % 4];
          if (p[2] <= h.top) shape.push(p);
          if (p[2] <= h.top !== q[2] <= h.top) shape.push(cross(p, q, h.top));
        });
        if (shape.length < 3) continue;
        const [least, most] = [Math.min(...corners.map((p) => p[2])), Math.max(...corners.map((p) => p[2]))];
        for (const level of h.levels.filter((v) => least < v && v < most && v < h.top)) {
          const ends = corners.flatMap((p, n) => {
            const q = corners[(n + 1) % 4];
            return p[2] < level !== q[2] < level ? [place(...cross(p, q, level))] : [];
          });
          if (ends.length === 2) lines.push(ends);
        }
        const [a, b] = [corners[1][2] - corners[0][2], corners[3][2] - corners[0][2]];
        const slope = (HIGH * h.columns) / (2 * (h.top - h.lowest));
        const light = (0.45 * a * slope - 0.35 * b * slope + 0.82) / Math.hypot(a * slope, b * slope, 1);
        const share = Math.sqrt(Math.min(1, Math.max(0, ((least + most) / 2 - h.lowest) / (h.top - h.lowest))));
        const lit = 0.72 + 0.28 * Math.max(0, light);
        const colour = LOW_COLOUR.map((c, n) => Math.round(lit * (c + share * (HIGH_COLOUR[n] - c))));
        cells.set(j * h.columns + i, { shape: shape.map((p) => place(...p)), lines, colour: `rgb(${colour})` });
      }
    }
    return { f, cells };
  };

  // The height of the ground at x, y from -1 to 1, as it is drawn; nothing where there is none.
  const ground = (x, y) => {
    const h = model.get("hill"), { f } = land;
    const u = ((x + 1) / 2) * (h.columns - 1), v = ((y + 1) / 2) * (h.rows - 1);
    if (!(u >= 0 && v >= 0 && u <= h.columns - 1 && v <= h.rows - 1)) return null;
    const i = Math.min(Math.floor(u), h.columns - 2), j = Math.min(Math.floor(v), h.rows - 2);
    const [s, t, n, m] = [u - i, v - j, j * h.columns + i, (j + 1) * h.columns + i];
    const height = (1 - t) * ((1 - s) * f[n] + s * f[n + 1]) + t * ((1 - s) * f[m] + s * f[m + 1]);
    return height <= h.top ? place(0, 0, height)[2] : null;
  };

  // The walk in short pieces, each on the ground.
  const lay = () => {
    const walk = model.get("walk").map(([x1, x2]) => place(x1, x2, 0)), laid = [];
    let last = null;
    walk.forEach(([x, y], n) => {
      const [a, b] = walk[Math.max(0, n - 1)];
      const pieces = Math.min(60, 1 + Math.ceil(25 * Math.hypot(x - a, y - b)));
      for (let k = n ? 1 : pieces; k <= pieces; k++) {
        const [here, there] = [a + ((x - a) * k) / pieces, b + ((y - b) * k) / pieces];
        const z = ground(here, there);
        const point = z === null ? null : [here, there, z];
        if (last && point) laid.push([last, point]);
        last = point;
      }
    });
    land.laid = laid;
    land.end = last;
  };

  const draw = () => {
    const width = box.clientWidth, height = box.clientHeight, fine = window.devicePixelRatio || 1;
    if (!land || !width) return;
    canvas.width = width * fine;
    canvas.height = height * fine;
    const pen = canvas.getContext("2d"), style = getComputedStyle(box);
    const [ink, way, here] = ["--bp-ink", "--bp-now", "--bp-here"].map((name) => style.getPropertyValue(name));
    const [turn, tilt] = [view.turn, view.tilt].map((degrees) => (degrees * Math.PI) / 180);
    const [c, s, up, flat] = [Math.cos(turn), Math.sin(turn), Math.sin(tilt), Math.cos(tilt)];
    const size = Math.min(width / 2.9, height / 2.45);
    const far = ([x, y, z]) => (-s * x + c * y) * flat - z * up;
    const seen = ([x, y, z]) => [
      width / 2 + size * (c * x + s * y),
      height / 2 + 0.5 * size * HIGH * flat - size * ((-s * x + c * y) * up + z * flat),
    ];
    const trace = (points) => points.forEach((p, n) => pen[n ? "lineTo" : "moveTo"](...seen(p)));
    const stroke = (lines, colour, wide) => {
      pen.beginPath();
      lines.forEach(trace);
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.stroke();
    };
    pen.scale(fine, fine);
    pen.lineJoin = pen.lineCap = "round";
    const base = [[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]];
    stroke([[...base, base[0]]], ink, 1);
    const cells = [...land.cells.values()];
    for (const cell of cells) cell.far = cell.shape.reduce((sum, p) => sum + far(p), 0) / cell.shape.length;
    for (const { shape, lines, colour } of cells.sort((a, b) => b.far - a.far)) {
      pen.beginPath();
      trace(shape);
      pen.closePath();
      pen.fillStyle = pen.strokeStyle = colour;
      pen.lineWidth = 0.7; // closes the seam between two squares
      pen.fill();
      pen.stroke();
      if (lines.length) stroke(lines, "rgba(40, 50, 60, 0.55)", 0.9);
    }
    // A point is hidden where the way from it to the eye runs through the ground.
    const hidden = ([, [x, y, z]]) => {
      for (let t = 0.06; z + t * up < HIGH; t += 0.04) {
        const height = ground(x + t * s * flat, y - t * c * flat);
        if (height !== null && height > z + t * up + 0.01) return true;
      }
      return false;
    };
    const open = [], behind = [];
    for (const piece of land.laid) (hidden(piece) ? behind : open).push(piece);
    stroke(behind, way, 1);
    stroke(open, "#fff", 4.6);
    stroke(open, way, 2.4);
    if (land.end) {
      pen.beginPath();
      pen.arc(...seen(land.end), 5, 0, 7);
      pen.fillStyle = here;
      pen.fill();
      pen.strokeStyle = "#fff";
      pen.lineWidth = 1.2;
      pen.stroke();
    }
    pen.fillStyle = ink;
    pen.font = "italic 15px serif";
    pen.textAlign = "center";
    const nearer = (a, b) => (far(a) < far(b) ? a : b);
    for (const [name, ...sides] of [["x₁", [0, -1.17, 0], [0, 1.17, 0]], ["x₂", [-1.17, 0, 0], [1.17, 0, 0]]]) {
      const [x, y] = seen(nearer(...sides));
      pen.fillText(name, x, y + 8);
    }
  };

  const say = () => {
    const turn = ((view.turn % 360) + 360) % 360;
    canvas.setAttribute("aria-label", `${model.get("hill").words} Turn it with the arrow keys.`);
    canvas.setAttribute("aria-valuenow", turn);
    canvas.setAttribute("aria-valuetext", `turned by ${turn}°, seen from ${view.tilt}° above the ground`);
  };
  let due = 0;
  const drawSoon = () => { due ||= requestAnimationFrame(() => { due = 0; draw(); }); };
  const turnBy = (turn, tilt) => {
    view.turn += turn;
    view.tilt = Math.min(STEEPEST, Math.max(FLATTEST, view.tilt + tilt));
    say();
    drawSoon();
  };
  const byKey = { ArrowLeft: [-TURN, 0], ArrowRight: [TURN, 0], ArrowUp: [0, TURN], ArrowDown: [0, -TURN] };
  // Where JupyterLab takes keys in the capture phase, before they arrive here, this attribute tells it.
  const mute = ({ key }) => canvas.toggleAttribute("data-lm-suppress-shortcuts", key in byKey);
  window.addEventListener("keydown", mute, true);
  canvas.addEventListener("keydown", (event) => {
    const by = byKey[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation(); // or JupyterLab goes to another cell
    turnBy(...by);
  });
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) turnBy(Math.round(event.movementX / -2), Math.round(event.movementY / 2));
  });

  const handlers = {
    "change:hill": () => { land = survey(); lay(); say(); draw(); },
    "change:walk": () => { lay(); drawSoon(); },
  };
  box.style.setProperty("--bp-width", model.get("hill").width);
  box.style.aspectRatio = `${model.get("hill").width} / ${model.get("hill").height}`;
  for (const [event, handler] of Object.entries(handlers)) model.on(event, handler);
  handlers["change:hill"]();
  const sized = new ResizeObserver(draw);
  sized.observe(box);
  return {
    remove: () => {
      window.removeEventListener("keydown", mute, true);
      sized.disconnect();
      cancelAnimationFrame(due);
      for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
    },
  };
}
