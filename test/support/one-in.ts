/**
 * Gives one of some kinds to one question of so many, and null to the others: in an order that is the same each time and
 * follows no step of what asks.
 */
export const oneIn = <Kind>(number: number, ...kinds: readonly Kind[]): (() => Kind | null) => {
  let state = 4711
  let given = 0
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    if ((state >>> 16) % number !== 0) return null
    given += 1
    return kinds[given % kinds.length] ?? null
  }
}
