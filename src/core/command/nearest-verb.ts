import { isVerb, verbs, type CommandVerb } from './verbs.ts'

/** The verb that a mistyped word comes nearest to, within two letters; undefined: none, or several. */
export const nearestVerb = (word: string): CommandVerb | undefined => {
  if (word.length > 20) return undefined
  const near = Object.keys(verbs)
    .filter(isVerb)
    .map(verb => ({ verb, far: distance(word, verb) }))
    .sort((one, other) => one.far - other.far)
  const [first, second] = near
  const most = word.length < 5 ? 1 : 2
  return first && first.far <= most && first.far !== second?.far ? first.verb : undefined
}

/** How many letters are to be put in, left out, replaced or swapped with the next (optimal string alignment). */
const distance = (from: string, to: string): number => {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  const at = (row: number, column: number): number => Number(rows[row]?.[column])
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    rows.push(current)
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      )
    }
  }
  return at(from.length, to.length)
}
