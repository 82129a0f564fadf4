// `password`, `webhook-secret`, `SeedGenerator`, `node-1`, `4.18.5`: what people and programs call things.
const word = '(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+)[0-9]{0,2}|[0-9]{1,2}'
const words = new RegExp(`^[^A-Za-z0-9]*(?:${word})(?:[^A-Za-z0-9]+(?:${word}))*[^A-Za-z0-9]*$`)
const oneWord = /^[A-Za-z]+$/
const marks = /^[A-Z ]*-{2,}[A-Z \n]*$/

/**
 * Tells whether a piece of a secret may stand in a text by chance: words, unless one that is not the only one is cut in
 * the middle, and how PEM begins and ends in base64. Takes constant time, for pieces are short.
 */
export const isOrdinary = (piece: string, isWithinWord: boolean): boolean =>
  (isWithinWord ? oneWord.test(piece) && words.test(piece) : words.test(piece)) || isMark(piece)

/** base64 of `-----BEGIN`, say, at any of its alignments: keys share it with certificates. */
const isMark = (piece: string): boolean =>
  [0, 1, 2, 3].some(from => {
    const whole = piece.slice(from, from + 4 * Math.floor((piece.length - from) / 4))
    return whole !== '' && marks.test(Buffer.from(whole, 'base64').toString('latin1'))
  })
