import { sentenceOf, unannounced, type ClusterChange } from './change-report.ts'
import type { Check } from '../preflight/check.ts'
import type { Proof } from '../proof/proof.ts'
import { checksSection } from './checks-section.ts'
import { proofSection } from './proof-section.ts'
import { codeSpan, plain, shorten } from './plain.ts'

/** The result of a check of a pull request: the changes to clusters, or the reason why nobody can tell. */
export type Checked =
  | Readonly<{ clusters: readonly ClusterChange[] }>
  | Readonly<{ code: string; reason: string; fix: string | null }>

/** The name of the commit status that every pull request to the base branch gets. */
export const checkContext = 'sower/check'

/** The first line of the comment of a check; GitHub does not show it. */
export const checkMarker = '<!-- sower:check -->'

/** GitHub takes 140 characters for a status. */
const longestDescription = 140
const longestReason = 4_000
const mostListed = 100

/** A run that takes out a cluster of the change, and waits for a person. */
export type Held = Readonly<{ name: string; code: string }>

/** The commit status: green where no cluster leaves or comes back unannounced, and no run of one that leaves is blocked. */
export const checkStatus = (
  checked: Checked,
  held: Held | null = null,
): Readonly<{ state: 'success' | 'failure'; description: string }> => {
  if ('code' in checked)
    return {
      state: 'failure',
      description: shorten(`${checked.code}: ${checked.reason}`, longestDescription),
    }
  const bad = unannounced(checked)
  if (bad.length === 0 && held)
    return {
      state: 'failure',
      description: shorten(
        `${held.name} leaves, and its run is blocked: ${held.code}`,
        longestDescription,
      ),
    }
  const shown = bad.length > 0 ? bad : checked.clusters
  return {
    state: bad.length > 0 ? 'failure' : 'success',
    description:
      shown.length === 0
        ? nothing
        : shorten(shown.map(of => shortly(of)).join('; '), longestDescription),
  }
}

const nothing = 'No cluster leaves, and none that was detached comes back.'

const shortly = ({ cluster, change, announced }: ClusterChange): string =>
  change === 'leaves'
    ? `${cluster} leaves${announced ? ', as its record says' : ', and no record says so'}`
    : `${cluster} comes back${announced ? ', as was asked for' : ', which may reinstall its host'}`

/** Further facts for the comment: the commits that were merged, and whether GitHub waits for the status. */
export type CheckedOn = Readonly<{
  branch: string
  base: string
  head: string
  /** Null: GitHub did not say. */
  isRequired: boolean | null
  /** Sections about clusters that leave, as Markdown. */
  leaving?: readonly string[]
}>

/** The comment of a check as Markdown, without its marker. */
export const checkComment = (
  checked: Checked,
  { branch, base, head, isRequired, leaving = [] }: CheckedOn,
): string =>
  [
    '### Clusters, if this is merged',
    ...('code' in checked
      ? [
          `**Refused** (${codeSpan(checked.code)}): ${plain(shorten(checked.reason, longestReason))}`,
          ...(checked.fix === null ? [] : [plain(shorten(checked.fix, longestReason))]),
        ]
      : checked.clusters.length === 0
        ? [nothing]
        : [
            checked.clusters.slice(0, mostListed).map(lineOf).join('\n'),
            ...(checked.clusters.length > mostListed
              ? [`And ${checked.clusters.length - mostListed} more.`]
              : []),
          ]),
    ...leaving,
    `Checked: ${codeSpan(head.slice(0, 12))}, merged into ${codeSpan(base.slice(0, 12))} of ${codeSpan(branch)}.${
      isRequired === false
        ? ` ${codeSpan(branch)} does not require the check ${codeSpan(checkContext)}, so this can be merged all the same: add it to the branch protection.`
        : ''
    }`,
  ].join('\n\n')

/** One cluster that leaves: its proof on the merge, and what the checks of a run say, Argo CD's prediction among them. */
export const leavingSection = ({
  cluster,
  proof,
  checks,
  missing,
}: Readonly<{
  cluster: string
  proof: Proof | null
  checks: readonly Check[]
  missing: string | null
}>): string =>
  [
    `#### ${codeSpan(cluster)} leaves`,
    ...(proof ? [proofSection(proof, { isAdopted: false })] : []),
    ...(checks.length > 0 ? [checksSection(checks)] : []),
    ...(missing === null
      ? []
      : [`Not all could be asked (${plain(shorten(missing, longestReason))}).`]),
  ].join('\n\n')

const lineOf = (of: ClusterChange): string => {
  const { cluster, change, announced, roots } = of
  const text =
    change === 'comes-back' && !announced
      ? `${cluster} comes back into ${roots.join(', ')}, though the repository says that it is detached: its host may be reinstalled. If that is intended, comment \`/seed reattach ${cluster} --i-understand-this-may-reinstall\`; it counts for the commit that is here now.`
      : sentenceOf(of)
  return `- ${announced ? '✓' : '✗'} ${plain(text)}`
}

/** Remarks on the lines that list the clusters of a change. */
export const checkAnnotations = (
  checked: Checked,
): readonly Readonly<{
  path: string
  line: number
  level: 'notice' | 'failure'
  message: string
}>[] =>
  'code' in checked
    ? []
    : checked.clusters.flatMap(of =>
        of.file === null
          ? []
          : [
              {
                ...{ path: of.file, line: of.line ?? 1, message: sentenceOf(of) },
                level: of.announced ? ('notice' as const) : ('failure' as const),
              },
            ],
      )
