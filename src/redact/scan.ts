import { isAlphanumeric, type Automaton } from './create-automaton.ts'
import { isOrdinary } from './is-ordinary.ts'

/** From where, and until where, to replace. */
export type Span = readonly [start: number, end: number]

/** Characters that a form may have between its own. */
export type Skips = 'nothing' | 'breaks' | 'spaces'

/** So much of a value is taken for it wherever it stands, and so much where a word ends, or begins, with it. */
const longCut = 16
const shortestCut = 8

/** The marks that programs put where they cut: `…`, `...`, `[truncated]`. There ordinary words are taken for a piece, too. */
const ellipsis = 8230
const dot = 46
const [openingBracket, closingBracket] = [91, 93]

/** How to read a text: which of its characters count, and from which side. */
export type Reading = Readonly<{ skipped: Uint8Array; isBackwards: boolean; isEnd: boolean }>

/**
 * Adds to `found` the forms in a text, and what is left of them where the far side was cut off: ends of forms, when it is
 * read backwards with the automaton of the reversed ones. Returns from where on the text may be the beginning of a form.
 */
export const scan = (
  text: string,
  { next, depth, longest, isCuttable, isWithinWord }: Automaton,
  { skipped, isBackwards, isEnd, found }: Reading & Readonly<{ found: Span[] }>,
): number => {
  // Where each character that counts stands: a form may have breaks inside.
  const places = new Int32Array(text.length)
  let count = 0
  let state = 0
  let isCut = false
  const add = (length: number): void => {
    const [first, last] = [places[count - length] ?? 0, places[count - 1] ?? 0]
    found.push(isBackwards ? [last, first + 1] : [first, last + 1])
  }
  const isPieceOrdinary = (cutFrom: number, length: number): boolean => {
    const characters = Array.from(places.subarray(count - length, count), at => text[at])
    const piece = (isBackwards ? characters.reverse() : characters).join('')
    const isOfWord = isAlphanumeric(text.charCodeAt(places[count - 1] ?? 0))
    return isOrdinary(piece, isOfWord && isWithinWord(cutFrom))
  }
  /** `by`: the character after the piece; null at the end of the text. */
  const addCut = (cutFrom: number, by: number | null, isSign: boolean): void => {
    const length = depth[cutFrom] ?? 0
    if (length < shortestCut || !isCuttable[cutFrom]) return
    const isSeen =
      length >= longCut ||
      isSign ||
      ((by === null || !isAlphanumeric(by)) && !isPieceOrdinary(cutFrom, length))
    if (isSeen) add(length)
  }
  const isSignAt = (at: number): boolean => {
    const character = text.charCodeAt(at)
    if (character === dot) return text.charCodeAt(isBackwards ? at - 1 : at + 1) === dot
    if (character === openingBracket && !isBackwards) return isLetter(text.charCodeAt(at + 1))
    if (character === closingBracket && isBackwards) return isLetter(text.charCodeAt(at - 1))
    return character === ellipsis
  }
  for (let step = 0; step < text.length; step += 1) {
    const at = isBackwards ? text.length - 1 - step : step
    const character = text.charCodeAt(at)
    if (skipped[at] === 1) {
      isCut = true
      continue
    }
    const before = state
    state = next(before, character)
    if ((depth[state] ?? 0) <= (depth[before] ?? 0))
      addCut(before, isCut ? null : character, !isCut && isSignAt(at))
    isCut = false
    places[count] = at
    count += 1
    const length = longest[state] ?? 0
    if (length > 0) add(length)
  }
  if (isEnd || isBackwards) addCut(state, null, !isBackwards)
  const partial = depth[state] ?? 0
  return partial === 0 ? text.length : (places[count - partial] ?? 0)
}

const isLetter = (character: number): boolean => character > 57 && isAlphanumeric(character)

const lineFeed = 10
const carriageReturn = 13
const backslash = 92
const escapedBreaks = [110, 114]

/** Marks with 1 the characters that a form may have inside: none, line breaks with their indentation, or white space. */
export const skippedIn = (text: string, skips: Skips): Uint8Array => {
  const skipped = new Uint8Array(text.length)
  let isAfterBreak = false
  if (skips !== 'nothing')
    for (let at = 0; at < text.length; at += 1) {
      isAfterBreak =
        skips === 'breaks' ? isBreak(text, at, isAfterBreak) : isSpace(text.charCodeAt(at))
      if (isAfterBreak) skipped[at] = 1
    }
  return skipped
}

/** True if a character belongs to a line break, as it is or as JSON escapes it, or to the indentation after it. */
const isBreak = (text: string, at: number, isAfterBreak: boolean): boolean => {
  const character = text.charCodeAt(at)
  if (character === lineFeed || character === carriageReturn) return true
  // At the end of a piece the other half is yet to come.
  if (character === backslash)
    return at + 1 === text.length || escapedBreaks.includes(text.charCodeAt(at + 1))
  if (isAfterBreak && (character === 32 || character === 9)) return true
  return escapedBreaks.includes(character) && text.charCodeAt(at - 1) === backslash
}

const isSpace = (character: number): boolean =>
  character === 32 || character === 160 || (character >= 9 && character <= carriageReturn)
