import { printable } from '../printable.ts'

/** A cluster that a change takes out of all renders, or brings back into one. */
export type ClusterChange = Readonly<{
  cluster: string
  change: 'leaves' | 'comes-back'
  /** True if the repository announces it: by the record of a detach or of a reattach. */
  announced: boolean
  /** The roots that rendered it before, or render it now. */
  roots: readonly string[]
  /** Where a kustomization listed it, or lists it now; null where only a render tells. */
  file: string | null
  line: number | null
}>

/** The effect of a change on the clusters of a repository. */
export type ChangeReport = Readonly<{
  apiVersion: 'sower.dev/v1alpha1'
  kind: 'Check'
  base: string
  head: string
  clusters: readonly ClusterChange[]
}>

/** The sentence about a cluster, and the next step where nothing announces the change. */
export const sentenceOf = ({ cluster, change, announced, roots }: ClusterChange): string => {
  const where = roots.join(', ')
  if (change === 'leaves')
    return announced
      ? `${cluster} leaves ${where}: the hub detaches it once this is merged, as its record says.`
      : `${cluster} leaves ${where}, and no record says so: the hub detaches it once this is merged. If that is intended, use \`sower detach ${cluster}\` or the label seed; else put it back.`
  return announced
    ? `${cluster} comes back into ${where}, as its record says: its host may be reinstalled.`
    : `${cluster} comes back into ${where}, though the repository says that it is detached: its host may be reinstalled. If that is intended, use \`sower reattach ${cluster} --i-understand-this-may-reinstall\` and keep its record.yaml with \`status: reattached\`; else take it out again.`
}

/** The clusters that nothing announces. */
export const unannounced = ({
  clusters,
}: Pick<ChangeReport, 'clusters'>): readonly ClusterChange[] =>
  clusters.filter(({ announced }) => !announced)

const nothing = 'No cluster leaves, and none that was detached comes back.'
const marked = (of: ClusterChange): string => `${of.announced ? '✓' : '✗'} ${sentenceOf(of)}`

/** The report for a terminal. */
export const changeAsText = ({ clusters }: ChangeReport): string =>
  clusters.length === 0 ? `${nothing}\n` : clusters.map(of => `${printable(marked(of))}\n`).join('')

/** The report as workflow commands of GitHub Actions, one annotation a cluster. */
export const changeAsAnnotations = (report: ChangeReport): string =>
  report.clusters.length === 0
    ? changeAsText(report)
    : report.clusters
        .map(of => {
          const level = of.announced ? 'notice' : 'error'
          const place =
            of.file === null ? [] : [`file=${property(of.file)}`, `line=${of.line ?? 1}`]
          const title = `title=${property(`sower: ${of.cluster} ${of.change === 'leaves' ? 'leaves' : 'comes back'}`)}`
          return `::${level} ${[...place, title].join(',')}::${data(sentenceOf(of))}\n`
        })
        .join('')

// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts: escapeData and escapeProperty.
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** The report as the Markdown of a job summary. */
export const changeAsSummary = (report: ChangeReport, plain: (text: string) => string): string =>
  [
    '### Sower: clusters',
    ...(report.clusters.length === 0
      ? [nothing]
      : report.clusters.map(of => `- ${plain(marked(of))}`)),
    '',
  ].join('\n')
