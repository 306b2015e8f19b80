/**
 * Shapes and the places of elements, counted in row-major order from where an array begins.
 *
 * @typedef {number[]|null} Shape null is that of a number
 * @typedef {{at: number, shape: Shape}} Value what begins at this place of memory
 */

/** How many elements there are. @param {Shape} shape */
export const sizeOf = (shape) => (shape === null ? 1 : shape.reduce((product, size) => product * size, 1));

/** From one element to the next along each axis. @param {number[]} dims */
export function stridesOf(dims) {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1] * dims[axis + 1];
  return strides;
}

/** The same as seen from a larger shape: 0 along axes that are broadcast. @param {Shape} shape @param {number[]} dims */
export function stridesWithin(shape, dims) {
  const own = shape ?? [], missing = dims.length - own.length, strides = stridesOf(own);
  return dims.map((_, axis) => (axis < missing || own[axis - missing] === 1 ? 0 : strides[axis - missing]));
}

/** The places of all elements. @param {number[]} dims @param {number[]} strides @param {number} start */
export function placesOf(dims, strides, start = 0) {
  const places = new Int32Array(sizeOf(dims));
  if (places.length > 0) places[0] = start;
  for (let axis = dims.length - 1, known = 1; axis >= 0; known *= dims[axis], axis -= 1)
    for (let k = known; k < known * dims[axis]; k += 1) places[k] = places[k - known] + strides[axis];
  return places;
}

/** The places of what `take` takes, as dimensions, strides and a start. @param {number[]} shape @param {any[]} index */
export function sliced(shape, index) {
  const own = stridesOf(shape), dims = [], strides = [];
  let start = 0, axis = 0;
  for (const part of index) {
    if (part === null) dims.push(1), strides.push(0);
    else if (typeof part === "number") start += part * own[axis++];
    else {
      const [first, end, by] = part;
      dims.push(Math.max(0, Math.ceil((end - first) / by)));
      start += first * own[axis];
      strides.push(by * own[axis++]);
    }
  }
  return { dims, strides, start };
}

/** Whether elements stand side by side, in order. @param {number[]} dims @param {number[]} strides */
export const isPlain = (dims, strides) => stridesOf(dims).every((stride, axis) => dims[axis] === 1 || strides[axis] === stride);

/**
 * How operands are broadcast, in rows as long as can be: the length of a row, and of every operand
 * where each row begins and its step within.
 * @param {number[]} dims @param {Value[]} operands
 */
export function rowsOf(dims, operands) {
  const kept = dims.map((_, axis) => axis).filter((axis) => dims[axis] !== 1);
  const sizes = kept.map((axis) => dims[axis]);
  const strides = operands.map(({ shape }) => {
    const own = stridesWithin(shape, dims);
    return kept.map((axis) => own[axis]);
  });
  for (let axis = sizes.length - 1; axis > 0; axis -= 1) {
    if (!strides.every((own) => own[axis - 1] === own[axis] * sizes[axis])) continue;
    sizes.splice(axis - 1, 2, sizes[axis - 1] * sizes[axis]);
    strides.forEach((own) => own.splice(axis - 1, 1));
  }
  const length = sizes.pop() ?? 1;
  const steps = strides.map((own) => own.pop() ?? 0);
  return { length, steps, starts: operands.map(({ at }, k) => placesOf(sizes, strides[k], at)) };
}
