import posix from 'node:path/posix'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import { namesCluster } from './names-cluster.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { kinds, mayHoldCluster } from './kinds.ts'
import { applicationSetPattern } from './application-set-pattern.ts'
import { isInline } from '../kustomization/follow-entry.ts'
import { helmReason } from './helm-reason.ts'
import { kustomizationNames } from '../kustomization/kustomization-in.ts'
import { surveyRepository, type Survey } from './survey-repository.ts'
import { foldersUp } from '../kustomization/folders-up.ts'
import type { Walk } from '../kustomization/walk.ts'

type Missing = Readonly<{
  view: RepositoryView
  cluster: string
  walks: readonly Walk[]
}>

/**
 * Why no root lists a cluster, as well as the whole repository tells: it is read only for this.
 * ENTRY_INLINE, HELM_RENDERED, APPLICATION_SET, PLAIN_DIRECTORY or CLUSTER_NOT_FOUND; or what could not be
 * followed, since the cluster may stand behind it.
 */
export const explainMissing = (missing: Missing): RefusedError => {
  const { cluster, walks } = missing
  const inline = inlineEntry(missing)
  if (inline) return inline
  const reason = explain(missing)
  const [trouble] = walks.flatMap(({ troubles }) => troubles)
  if (!trouble || reason.code === 'HELM_RENDERED' || reason.code === 'APPLICATION_SET')
    return reason
  // A root without a kustomization is what a plain directory looks like.
  if (reason.code === 'PLAIN_DIRECTORY' && walks.every(isBare)) return reason
  return notFoundElsewhere(cluster, trouble)
}

const isBare = ({ reached, troubles }: Walk): boolean =>
  troubles.every(({ code }) => code === 'KUSTOMIZATION_MISSING' && reached.length === 0)

/** What cannot be followed, said of a cluster that may stand behind it. */
export const notFoundElsewhere = (cluster: string, trouble: RefusedError): RefusedError =>
  new RefusedError(
    trouble.code,
    `looking for cluster ${cluster}: it was not found elsewhere, and this cannot be followed: ${trouble.message}`,
    { ...(trouble.fix === undefined ? {} : { fix: trouble.fix }), cause: trouble },
  )

const inlineEntry = ({ cluster, walks }: Missing): RefusedError | undefined => {
  for (const { reached } of walks)
    for (const { kustomization } of reached)
      for (const { entries } of kustomization.lists)
        for (const { value, line } of entries)
          if (isInline(value) && namesCluster(value, cluster))
            return new RefusedError(
              'ENTRY_INLINE',
              `looking for cluster ${cluster}: ${kustomization.path}:${line} names it in inline YAML`,
              { fix: 'put that YAML into a file and list the file' },
            )
  return undefined
}

const explain = ({ view, cluster, walks }: Missing): RefusedError => {
  const refuse = (code: ErrorCode, reason: string, fix: string): RefusedError =>
    new RefusedError(code, `looking for cluster ${cluster}: ${reason}`, { fix })
  const survey = surveyRepository(view, cluster)
  const { holders, applicationSets, directories } = survey
  const roots = nameFew(walks.map(({ root }) => root))
  const places = directories.flatMap(directory => view.reach(directory).reached ?? [])

  for (const place of places)
    for (const { entry, path } of place.targets)
      if (holders.has(path))
        return refuse(
          'CLUSTER_NOT_FOUND',
          `${path} holds it and ${place.kustomization.path}:${entry.line} lists that, but none of the roots reaches it: ${roots}`,
          `add ${place.directory} to \`roots\` in sower.yaml, if Argo CD renders it`,
        )
  const helm = helmReason(survey, places)
  if (helm !== undefined)
    return refuse(
      'HELM_RENDERED',
      `${helm}: Sower edits the lists of kustomizations only`,
      'take the cluster out of the chart by hand, or move it into a file that a kustomization lists',
    )
  const [file] = holders
  if (file === undefined)
    return refuse(
      'CLUSTER_NOT_FOUND',
      `no ${kinds.map(({ kind }) => kind).join(' or ')} with this clusterName is listed below ${roots}${hint(survey)}`,
      'check the name (it is spec.clusterName, not the file name) and `roots` in sower.yaml',
    )
  for (const { path, text } of applicationSets) {
    const pattern = applicationSetPattern(text, file)
    if (pattern !== undefined)
      return refuse(
        'APPLICATION_SET',
        `${file} holds it, and the ApplicationSet in ${path} makes an Application of its folder (${pattern})`,
        `add a kustomization.yaml to ${posix.dirname(file)} that lists its files, and that directory to \`roots\` in sower.yaml`,
      )
  }
  const beside = foldersUp(file).find(folder => directories.includes(folder))
  if (beside === undefined)
    return refuse(
      'PLAIN_DIRECTORY',
      `${file} holds it, and there is no kustomization in its directory or above: Argo CD applies such a directory file by file`,
      `add a kustomization.yaml to ${posix.dirname(file)} that lists its files, and that directory to \`roots\` in sower.yaml`,
    )
  return refuse(
    'CLUSTER_NOT_FOUND',
    `${file} holds it, but no kustomization lists it; the nearest one is in ${beside}`,
    'list it there; if a patch or something else brings the cluster in, take it out by hand',
  )
}

/** Where else to look: a patch may give an object its name. */
const hint = ({ mentions }: Survey): string => {
  const telling = mentions.filter(
    ({ path, text }) => kustomizationNames.includes(posix.basename(path)) || mayHoldCluster(text),
  )
  return telling.length ? `; named in ${nameFew(telling.map(({ path }) => path))}` : ''
}

/** Names in a message: all of them, or the first eight and how many more there are. */
export const nameFew = (names: readonly string[]): string =>
  names.length > 9
    ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
    : names.join(', ')
