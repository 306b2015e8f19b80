/** Time that passes. */

/** @param {number} time in milliseconds */
export const passed = (time) => new Promise((resolve) => setTimeout(resolve, time));
