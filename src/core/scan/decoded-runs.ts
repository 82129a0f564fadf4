import { decodeBytes } from './decode-bytes.ts'

// Unbroken, or wrapped over lines that hold nothing else but indentation, quotes and comment marks; of short
// lines only many are taken for base64.
const broken = String.raw`[ \t]*(?:\\r)?(?:\\n|\\?\r?\n)[ \t#"']*`
const next = String.raw`(?=[\s"'\\=]|$)`
const run = new RegExp(
  String.raw`[\w+/-]{16,}(?:${broken}[\w+/-]{4,}${next})*|[\w+/-]{4,15}(?:${broken}[\w+/-]{3,15}${next}){4,}`,
  'g',
)

/**
 * Decodes the base64 in a text where it says something that can be read. A word in front shifts a run, so
 * each of the four ways to begin is tried; ciphertext and paths decode to noise and are left out.
 */
export const decodedRuns = function* (
  text: string,
): Generator<Readonly<{ at: number; text: string }>> {
  for (const { 0: found, index } of text.matchAll(run)) {
    const characters = found.replace(/\\[nr]|[^\w+/-]/g, '')
    for (const shift of [0, 1, 2, 3]) {
      const decoded = decodeBytes(Buffer.from(characters.slice(shift), 'base64'))
      if (/[\t\n\r -~]{12}/.test(decoded)) yield { at: index, text: decoded }
    }
  }
}

/** The text with `%7B` and the like resolved, as in a data URL; undefined where there is none. */
export const withoutPercents = (text: string): string | undefined =>
  /%(?:0A|20|22|2D)/i.test(text)
    ? text.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : undefined
