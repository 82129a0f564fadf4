import type { RootDifference } from './compare-renders.ts'

/** The known difference that a commit makes, for people to see. */
export type Proof = Readonly<{
  roots: readonly RootDifference[]
  /** Why it is not exactly the one cluster; null when it is. */
  refusal: string | null
  /** A root was compared by its files, not by renders. */
  isStatic: boolean
  kustomize: string
}>
