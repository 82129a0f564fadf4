import { shownIdentity } from '../cluster/object-identity.ts'
import { codeCell, fenced, plain, shorten, table } from './plain.ts'
import type { RootDifference } from '../proof/compare-renders.ts'

type Proven = Readonly<{
  roots: readonly RootDifference[]
  refusal: string | null
  kustomize: string | null
}>

const longestReason = 4_000
const longestDiff = 20_000
const mostListed = 20

/** A table of the objects that leave, come and change in each root; empty without a proof. An adopted run takes nothing out. */
export const proofSection = (
  { roots, refusal, kustomize }: Proven,
  { isAdopted }: Readonly<{ isAdopted: boolean }>,
): string =>
  roots.length
    ? [
        `**Proof** (${plain(kustomize ?? '')}): ${refusal === null ? (isAdopted ? 'no root renders the cluster, and nothing leaves' : 'exactly this cluster leaves the render') : plain(shorten(refusal, longestReason))}.`,
        table(
          ['root', 'leaves', 'comes', 'changes', 'left'],
          roots.map(({ path, removed, added, changed, left }) => [
            codeCell(path),
            list(removed),
            list(added),
            list(changed),
            String(left),
          ]),
        ),
      ].join('\n\n')
    : ''

/** The edit as a folded diff; nothing where there is none. */
export const editSection = ({ diff }: Readonly<{ diff: string | null }>): string =>
  diff ? `<details><summary>The edit</summary>\n\n${fenced('diff', cut(diff))}\n\n</details>` : ''

const list = (objects: readonly string[]): string =>
  [
    ...objects.slice(0, mostListed).map(object => codeCell(shownIdentity(object))),
    ...(objects.length > mostListed ? [`and ${objects.length - mostListed} more`] : []),
  ].join('<br>')

const cut = (diff: string): string =>
  diff.length > longestDiff ? `${shorten(diff, longestDiff)}\n(cut: see the commit)` : diff
