/**
 * Some agents send their text anew each time, longer; others only what is new, and none says which.
 * It shows at the beginning: each piece begins with all of the one before.
 */
export interface GrowingText {
  /** What is new in a piece. */
  push(piece: string): string;
  /** Something else follows: what was held back because it was not clear yet. */
  end(): string;
}

/** A word of so many letters is not the beginning of the next one by chance. */
const TELLING = 4;

/** A text that grows in pieces of which nothing is known. */
export function createGrowingText(): GrowingText {
  let form: 'unclear' | 'whole' | 'new' = 'unclear';
  // How much of the piece before was given out: all but what is held back.
  let before = '';
  let given = 0;

  function release(): string {
    const held = given < before.length ? before : '';
    given = before.length;
    return held;
  }

  function decide(piece: string): string {
    if (before === '') {
      before = piece;
      given = piece.length;
      return piece;
    }
    if (piece.length <= before.length || !piece.startsWith(before)) {
      form = 'new';
      return release() + piece;
    }
    // A letter, and then a word that begins with it, may be two words; a third time is no chance.
    if (before.length >= TELLING || given < before.length) form = 'whole';
    const fresh = form === 'whole' ? piece.slice(given) : '';
    if (form === 'whole') given = piece.length;
    before = piece;
    return fresh;
  }

  return {
    push(piece) {
      if (piece === '' || form === 'new') return piece;
      if (form === 'unclear') return decide(piece);
      // What does not go on with it is another text.
      const fresh = piece.startsWith(before) ? piece.slice(before.length) : piece;
      before = piece;
      return fresh;
    },
    end() {
      if (form !== 'unclear' || given === before.length) return '';
      form = 'new';
      return release();
    },
  };
}
