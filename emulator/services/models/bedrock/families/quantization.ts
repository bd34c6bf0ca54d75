type Vector = readonly number[];

/** The types of vectors that a model returns, with the conversion from numbers between -1 and 1. */
export const EMBEDDING_TYPES: Readonly<Record<string, (vector: Vector) => Vector>> = {
  float: (vector) => vector,
  int8: (vector) => vector.map((value) => clamp(Math.round(value * 127), -128, 127)),
  uint8: (vector) => vector.map((value) => clamp(Math.round(value * 127) + 128, 0, 255)),
  binary: (vector) => packSigns(vector).map((byte) => byte - 128),
  ubinary: packSigns,
};

/** Packs the signs of eight numbers into a byte, the first into its highest bit. */
function packSigns(vector: Vector): number[] {
  return Array.from({ length: Math.ceil(vector.length / 8) }, (_, byte) =>
    vector
      .slice(byte * 8, byte * 8 + 8)
      .reduce((bits, value, index) => bits | (value > 0 ? 128 >> index : 0), 0),
  );
}

/** Returns a vector's direction: its numbers divided by its length. */
export function normalize(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
