/**
 * Loops for each elementwise operation, written by gradwidgets/rendering/loops.py: not by hand.
 *
 * Every one is a function of its own, so that an engine can put the arithmetic in line. `m` is the
 * memory in which all values stand, `o` where the result goes.
 *
 * @typedef {{
 *   alike: (m: Float64Array, n: number, o: number, a: number, b: number, c: number) => void,
 *   spread: (m: Float64Array, n: number, o: number, A: Int32Array, s: number,
 *     B: Int32Array, t: number, C: Int32Array, u: number) => void,
 * }} Loops `alike` for operands of the result's shape. `spread` for broadcasting: of each operand
 *   where every row of `n` elements begins, and how far one element is from the next.
 */

/** @type {(a: number, b: number) => number} */
const power = (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);
/** @type {(a: number, b: number) => number} */
const remainder = (a, b) => { const rest = a % b; if (rest === 0) return b < 0 || Object.is(b, -0) ? -0 : 0; return rest < 0 !== b < 0 ? rest + b : rest; };
/** @type {(a: number, b: number) => number} */
const floor_divide = (a, b) => { if (b === 0) return a / b; const rest = a % b; let share = (a - rest) / b; if (rest !== 0 && rest < 0 !== b < 0) share -= 1; if (share === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0; const whole = Math.floor(share); return share - whole > 0.5 ? whole + 1 : whole; };
/** @type {(a: number, b: number) => number} */
const copysign = (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a));
/** @type {(a: number) => number} */
const rint = (a) => { const whole = Math.floor(a), rest = a - whole; if (!(rest >= 0.5)) return whole; const up = whole + 1 === 0 ? -0 : whole + 1; return rest > 0.5 || whole % 2 !== 0 ? up : whole; };
/** @type {(a: number, b: number) => number} */
const fmax = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));
/** @type {(a: number, b: number) => number} */
const fmin = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
/** @type {(a: number, b: number) => number} */
const hypot = (a, b) => { if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return Infinity; const x = Math.max(Math.abs(a), Math.abs(b)), y = Math.min(Math.abs(a), Math.abs(b)); if (!(y > 1e-17 * x)) return x + y; const unit = x > 1e150 ? 2 ** 600 : x < 1e-130 ? 2 ** -600 : 1; const u = x / unit, v = y / unit; const h = Math.sqrt(u * u + v * v), near = h <= 2 * v, d = near ? h - v : h - u; const over = near ? u * (2 * d - u) + (d - 2 * (u - v)) * d : 2 * d * (u - 2 * v) + (4 * d - v) * v + d * d; return unit * (h - over / (2 * h)); };
/** @type {(a: number, b: number) => number} */
const logaddexp = (a, b) => (a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))));
/** @type {(a: number, b: number) => number} */
const logaddexp2 = (a, b) => (a === b ? a + 1 : Math.max(a, b) + Math.LOG2E * Math.log1p(2 ** -Math.abs(a - b)));
/** @type {(a: number) => number} */
const sinc = (a) => { const t = Math.PI * (a === 0 ? 1e-20 : a); return Math.sin(t) / t; };
/** @type {(a: number, b: number) => number} */
const heaviside = (a, b) => (Number.isNaN(a) ? NaN : a === 0 ? b : a < 0 ? 0 : 1);
/** @type {(a: number) => number} */
const nan_to_num = (a) => (Number.isNaN(a) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(a, Number.MAX_VALUE)));

/** Of each operation its number in `runNumbers`; `copy` hands its argument on. */
/** @type {Record<string, number>} */
export const CODES = { copy: 0, add: 1, subtract: 2, multiply: 3, divide: 4, negative: 5, reciprocal: 6, square: 7, power: 8, remainder: 9, fmod: 10, floor_divide: 11, absolute: 12, sign: 13, copysign: 14, floor: 15, ceil: 16, trunc: 17, rint: 18, maximum: 19, minimum: 20, fmax: 21, fmin: 22, sqrt: 23, cbrt: 24, exp: 25, expm1: 26, log: 27, log1p: 28, log2: 29, log10: 30, exp2: 31, sin: 32, cos: 33, tan: 34, sinh: 35, cosh: 36, tanh: 37, arcsin: 38, arccos: 39, arctan: 40, arcsinh: 41, arccosh: 42, arctanh: 43, arctan2: 44, hypot: 45, logaddexp: 46, logaddexp2: 47, sinc: 48, heaviside: 49, deg2rad: 50, rad2deg: 51, nan_to_num: 52, greater: 53, greater_equal: 54, less: 55, less_equal: 56, equal: 57, not_equal: 58, isfinite: 59, isnan: 60, isinf: 61, signbit: 62, logical_and: 63, logical_or: 64, logical_xor: 65, logical_not: 66, where: 67 };

/**
 * Run instructions on numbers, six integers each: code, mask, result, three arguments; those whose
 * mask has none of the bits of `changed` are left out.
 * @param {Float64Array} m @param {Int32Array} code @param {number} changed
 */
export function runNumbers(m, code, changed) {
  for (let i = 0; i < code.length; i += 6) {
    if ((code[i + 1] & changed) === 0) continue;
    const o = code[i + 2], a = m[code[i + 3]];
    switch (code[i]) {
      case 0: m[o] = a; break;
      case 1: m[o] = a + m[code[i + 4]]; break;
      case 2: m[o] = a - m[code[i + 4]]; break;
      case 3: m[o] = a * m[code[i + 4]]; break;
      case 4: m[o] = a / m[code[i + 4]]; break;
      case 5: m[o] = -a; break;
      case 6: m[o] = 1 / a; break;
      case 7: m[o] = a * a; break;
      case 8: m[o] = power(a, m[code[i + 4]]); break;
      case 9: m[o] = remainder(a, m[code[i + 4]]); break;
      case 10: m[o] = a % m[code[i + 4]]; break;
      case 11: m[o] = floor_divide(a, m[code[i + 4]]); break;
      case 12: m[o] = Math.abs(a); break;
      case 13: m[o] = (Math.sign(a) + 0); break;
      case 14: m[o] = copysign(a, m[code[i + 4]]); break;
      case 15: m[o] = Math.floor(a); break;
      case 16: m[o] = Math.ceil(a); break;
      case 17: m[o] = Math.trunc(a); break;
      case 18: m[o] = rint(a); break;
      case 19: m[o] = Math.max(a, m[code[i + 4]]); break;
      case 20: m[o] = Math.min(a, m[code[i + 4]]); break;
      case 21: m[o] = fmax(a, m[code[i + 4]]); break;
      case 22: m[o] = fmin(a, m[code[i + 4]]); break;
      case 23: m[o] = Math.sqrt(a); break;
      case 24: m[o] = Math.cbrt(a); break;
      case 25: m[o] = Math.exp(a); break;
      case 26: m[o] = Math.expm1(a); break;
      case 27: m[o] = Math.log(a); break;
      case 28: m[o] = Math.log1p(a); break;
      case 29: m[o] = Math.log2(a); break;
      case 30: m[o] = Math.log10(a); break;
      case 31: m[o] = 2 ** a; break;
      case 32: m[o] = Math.sin(a); break;
      case 33: m[o] = Math.cos(a); break;
      case 34: m[o] = Math.tan(a); break;
      case 35: m[o] = Math.sinh(a); break;
      case 36: m[o] = Math.cosh(a); break;
      case 37: m[o] = Math.tanh(a); break;
      case 38: m[o] = Math.asin(a); break;
      case 39: m[o] = Math.acos(a); break;
      case 40: m[o] = Math.atan(a); break;
      case 41: m[o] = Math.asinh(a); break;
      case 42: m[o] = Math.acosh(a); break;
      case 43: m[o] = Math.atanh(a); break;
      case 44: m[o] = Math.atan2(a, m[code[i + 4]]); break;
      case 45: m[o] = hypot(a, m[code[i + 4]]); break;
      case 46: m[o] = logaddexp(a, m[code[i + 4]]); break;
      case 47: m[o] = logaddexp2(a, m[code[i + 4]]); break;
      case 48: m[o] = sinc(a); break;
      case 49: m[o] = heaviside(a, m[code[i + 4]]); break;
      case 50: m[o] = a * (Math.PI / 180); break;
      case 51: m[o] = a * (180 / Math.PI); break;
      case 52: m[o] = nan_to_num(a); break;
      case 53: m[o] = (a > m[code[i + 4]] ? 1 : 0); break;
      case 54: m[o] = (a >= m[code[i + 4]] ? 1 : 0); break;
      case 55: m[o] = (a < m[code[i + 4]] ? 1 : 0); break;
      case 56: m[o] = (a <= m[code[i + 4]] ? 1 : 0); break;
      case 57: m[o] = (a === m[code[i + 4]] ? 1 : 0); break;
      case 58: m[o] = (a !== m[code[i + 4]] ? 1 : 0); break;
      case 59: m[o] = +Number.isFinite(a); break;
      case 60: m[o] = +Number.isNaN(a); break;
      case 61: m[o] = +(Math.abs(a) === Infinity); break;
      case 62: m[o] = +(a < 0 || Object.is(a, -0)); break;
      case 63: m[o] = a * m[code[i + 4]]; break;
      case 64: m[o] = Math.max(a, m[code[i + 4]]); break;
      case 65: m[o] = +(a !== m[code[i + 4]]); break;
      case 66: m[o] = 1 - a; break;
      case 67: m[o] = (a !== 0 ? m[code[i + 4]] : m[code[i + 5]]); break;
    }
  }
}

/** @type {Record<string, Loops>} */
export const LOOPS = {
  add: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a + b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a + b;
        }
    },
  },
  subtract: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a - b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a - b;
        }
    },
  },
  multiply: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a * b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a * b;
        }
    },
  },
  divide: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a / b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a / b;
        }
    },
  },
  negative: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = -a;
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = -a;
        }
    },
  },
  reciprocal: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = 1 / a;
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = 1 / a;
        }
    },
  },
  square: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = a * a;
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = a * a;
        }
    },
  },
  power: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = power(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = power(a, b);
        }
    },
  },
  remainder: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = remainder(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = remainder(a, b);
        }
    },
  },
  fmod: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a % b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a % b;
        }
    },
  },
  floor_divide: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = floor_divide(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = floor_divide(a, b);
        }
    },
  },
  absolute: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.abs(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.abs(a);
        }
    },
  },
  sign: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = (Math.sign(a) + 0);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = (Math.sign(a) + 0);
        }
    },
  },
  copysign: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = copysign(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = copysign(a, b);
        }
    },
  },
  floor: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.floor(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.floor(a);
        }
    },
  },
  ceil: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.ceil(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.ceil(a);
        }
    },
  },
  trunc: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.trunc(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.trunc(a);
        }
    },
  },
  rint: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = rint(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = rint(a);
        }
    },
  },
  maximum: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = Math.max(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = Math.max(a, b);
        }
    },
  },
  minimum: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = Math.min(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = Math.min(a, b);
        }
    },
  },
  fmax: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = fmax(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = fmax(a, b);
        }
    },
  },
  fmin: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = fmin(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = fmin(a, b);
        }
    },
  },
  sqrt: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.sqrt(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.sqrt(a);
        }
    },
  },
  cbrt: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.cbrt(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.cbrt(a);
        }
    },
  },
  exp: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.exp(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.exp(a);
        }
    },
  },
  expm1: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.expm1(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.expm1(a);
        }
    },
  },
  log: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.log(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.log(a);
        }
    },
  },
  log1p: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.log1p(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.log1p(a);
        }
    },
  },
  log2: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.log2(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.log2(a);
        }
    },
  },
  log10: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.log10(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.log10(a);
        }
    },
  },
  exp2: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = 2 ** a;
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = 2 ** a;
        }
    },
  },
  sin: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.sin(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.sin(a);
        }
    },
  },
  cos: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.cos(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.cos(a);
        }
    },
  },
  tan: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.tan(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.tan(a);
        }
    },
  },
  sinh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.sinh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.sinh(a);
        }
    },
  },
  cosh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.cosh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.cosh(a);
        }
    },
  },
  tanh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.tanh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.tanh(a);
        }
    },
  },
  arcsin: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.asin(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.asin(a);
        }
    },
  },
  arccos: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.acos(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.acos(a);
        }
    },
  },
  arctan: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.atan(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.atan(a);
        }
    },
  },
  arcsinh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.asinh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.asinh(a);
        }
    },
  },
  arccosh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.acosh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.acosh(a);
        }
    },
  },
  arctanh: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = Math.atanh(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = Math.atanh(a);
        }
    },
  },
  arctan2: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = Math.atan2(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = Math.atan2(a, b);
        }
    },
  },
  hypot: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = hypot(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = hypot(a, b);
        }
    },
  },
  logaddexp: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = logaddexp(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = logaddexp(a, b);
        }
    },
  },
  logaddexp2: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = logaddexp2(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = logaddexp2(a, b);
        }
    },
  },
  sinc: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = sinc(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = sinc(a);
        }
    },
  },
  heaviside: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = heaviside(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = heaviside(a, b);
        }
    },
  },
  deg2rad: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = a * (Math.PI / 180);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = a * (Math.PI / 180);
        }
    },
  },
  rad2deg: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = a * (180 / Math.PI);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = a * (180 / Math.PI);
        }
    },
  },
  nan_to_num: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = nan_to_num(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = nan_to_num(a);
        }
    },
  },
  greater: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a > b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a > b ? 1 : 0);
        }
    },
  },
  greater_equal: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a >= b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a >= b ? 1 : 0);
        }
    },
  },
  less: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a < b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a < b ? 1 : 0);
        }
    },
  },
  less_equal: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a <= b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a <= b ? 1 : 0);
        }
    },
  },
  equal: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a === b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a === b ? 1 : 0);
        }
    },
  },
  not_equal: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = (a !== b ? 1 : 0);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = (a !== b ? 1 : 0);
        }
    },
  },
  isfinite: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = +Number.isFinite(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = +Number.isFinite(a);
        }
    },
  },
  isnan: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = +Number.isNaN(a);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = +Number.isNaN(a);
        }
    },
  },
  isinf: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = +(Math.abs(a) === Infinity);
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = +(Math.abs(a) === Infinity);
        }
    },
  },
  signbit: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = +(a < 0 || Object.is(a, -0));
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = +(a < 0 || Object.is(a, -0));
        }
    },
  },
  logical_and: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = a * b;
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = a * b;
        }
    },
  },
  logical_or: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = Math.max(a, b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = Math.max(a, b);
        }
    },
  },
  logical_xor: {
    alike(m, n, o, aa, bb) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1) {
        const a = m[aa], b = m[bb]; m[o] = +(a !== b);
      }
    },
    spread(m, n, o, A, s, B, t) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r]; k < n; k += 1, o += 1, aa += s, bb += t) {
          const a = m[aa], b = m[bb]; m[o] = +(a !== b);
        }
    },
  },
  logical_not: {
    alike(m, n, o, aa) {
      for (const end = o + n; o < end; o += 1, aa += 1) {
        const a = m[aa]; m[o] = 1 - a;
      }
    },
    spread(m, n, o, A, s) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r]; k < n; k += 1, o += 1, aa += s) {
          const a = m[aa]; m[o] = 1 - a;
        }
    },
  },
  where: {
    alike(m, n, o, aa, bb, cc) {
      for (const end = o + n; o < end; o += 1, aa += 1, bb += 1, cc += 1) {
        const a = m[aa], b = m[bb], c = m[cc]; m[o] = (a !== 0 ? b : c);
      }
    },
    spread(m, n, o, A, s, B, t, C, u) {
      for (let r = 0; r < A.length; r += 1)
        for (let k = 0, aa = A[r], bb = B[r], cc = C[r]; k < n; k += 1, o += 1, aa += s, bb += t, cc += u) {
          const a = m[aa], b = m[bb], c = m[cc]; m[o] = (a !== 0 ? b : c);
        }
    },
  },
};
