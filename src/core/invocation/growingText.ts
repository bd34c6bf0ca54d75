/**
 * Joins the pieces of a text. Some agents send the whole text so far each time, others only the new part,
 * without an indication. The form is recognized from the first pieces: in a cumulative text each
 * piece starts with the one before.
 */
export interface GrowingText {
  /** Returns the new text of a piece; empty while the form is unclear. */
  push(piece: string): string;
  /** Returns the text that was held back because the form was unclear. */
  end(): string;
}

/** A piece of this length rarely starts the next piece by chance. */
const CONCLUSIVE_LENGTH = 4;

/** Creates an empty text. */
export function createGrowingText(): GrowingText {
  let form: 'unclear' | 'cumulative' | 'incremental' = 'unclear';
  let previous = '';
  /** Characters of `previous` that were returned; the rest is held back. */
  let returned = 0;

  function release(): string {
    const rest = returned < previous.length ? previous : '';
    returned = previous.length;
    return rest;
  }

  function decide(piece: string): string {
    if (previous === '') {
      previous = piece;
      returned = piece.length;
      return piece;
    }
    if (piece.length <= previous.length || !piece.startsWith(previous)) {
      form = 'incremental';
      return release() + piece;
    }
    // A short piece may start the next one by chance, but not twice in a row.
    if (previous.length >= CONCLUSIVE_LENGTH || returned < previous.length) form = 'cumulative';
    const fresh = form === 'cumulative' ? piece.slice(returned) : '';
    if (form === 'cumulative') returned = piece.length;
    previous = piece;
    return fresh;
  }

  return {
    push(piece) {
      if (piece === '' || form === 'incremental') return piece;
      if (form === 'unclear') return decide(piece);
      // A piece that does not continue the text starts another one.
      const fresh = piece.startsWith(previous) ? piece.slice(previous.length) : piece;
      previous = piece;
      return fresh;
    },
    end() {
      if (form !== 'unclear' || returned === previous.length) return '';
      form = 'incremental';
      return release();
    },
  };
}
