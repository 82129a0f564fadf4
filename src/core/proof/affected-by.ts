import type { Proof } from './proof.ts'

/** The roots that a proof's edit changes, and how many objects are left in the smallest; null where none is. */
export const affectedBy = ({
  roots,
}: Pick<Proof, 'roots'>): Readonly<{ paths: readonly string[]; left: number | null }> => {
  const affected = roots.filter(({ removed }) => removed.length > 0)
  return {
    paths: affected.map(({ path }) => path),
    left: affected.length === 0 ? null : Math.min(...affected.map(({ left }) => left)),
  }
}
