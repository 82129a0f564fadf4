import posix from 'node:path/posix'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import { notFoundElsewhere } from './opaque/not-found-elsewhere.ts'
import { holdsName } from './names-cluster.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { kinds, mayHoldCluster } from './kinds.ts'
import { commentsLeadingTo } from './commented-out.ts'
import { applicationSetPattern } from './application-set-pattern.ts'
import { helmReason } from './helm-reason.ts'
import { kustomizationNames } from '../kustomization/every-path.ts'
import { asidesIn, surveyRepository, type Survey } from './survey-repository.ts'
import { foldersUp } from '../kustomization/folders-up.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'

type Missing = Readonly<{
  view: RepositoryView
  cluster: string
  walks: readonly Walk[]
}>

/**
 * Why no root lists a cluster, as well as the whole repository tells: it is read only for this.
 * HELM_RENDERED, APPLICATION_SET, PLAIN_DIRECTORY, RAW_OBJECTS or CLUSTER_NOT_FOUND; or what could not be followed, where the
 * cluster may stand behind it.
 */
export const explainMissing = (missing: Missing): RefusedError => {
  const { cluster, walks } = missing
  const { reason, file } = explain(missing)
  // A root without a kustomization is what a plain directory looks like.
  const troubles = walks
    .filter(walk => reason.code !== 'PLAIN_DIRECTORY' || !isBare(walk))
    .flatMap(({ troubles }) => troubles)
  if (reason.code === 'HELM_RENDERED' || reason.code === 'APPLICATION_SET') return reason
  const hiding =
    reason.code === 'RAW_OBJECTS' ? undefined : troubles.find(trouble => mayHide(trouble, file))
  if (hiding) return notFoundElsewhere(cluster, hiding)
  const [beside] = troubles
  if (!beside) return reason
  return new RefusedError(
    reason.code,
    `${reason.message}; besides, a root cannot be followed: ${beside.message}`,
    { fix: String(reason.fix), cause: beside },
  )
}

const isBare = ({ reached, troubles }: Walk): boolean =>
  troubles.every(({ code }) => code === 'KUSTOMIZATION_MISSING' && reached.length === 0)

/**
 * True if the cluster may stand behind a trouble. One whose file was found can be brought in only by a link to it, or
 * from its directory or above.
 */
const mayHide = ({ code, message }: RefusedError, file: string | undefined): boolean => {
  if (file === undefined || code === 'ENTRY_SYMLINK') return true
  if (code !== 'KUSTOMIZATION_MISSING' && code !== 'KUSTOMIZATION_UNREADABLE') return false
  return foldersUp(file)
    .flatMap(folder => [folder, ...kustomizationNames.map(name => posix.join(folder, name))])
    .some(path => message.startsWith(`reading ${path}:`))
}

type Explained = Readonly<{ reason: RefusedError; file: string | undefined }>

const explain = ({ view, cluster, walks }: Missing): Explained => {
  const survey = surveyRepository(view, cluster)
  const { holders, applicationSets, directories } = survey
  const [file] = holders
  const roots = nameFew(walks.map(({ root }) => root))
  const places = directories.flatMap(directory => view.reach(directory).reached ?? [])
  const takenOut = commentedOut(view, { survey, places, walks })
  const refuse = (code: ErrorCode, reason: string, fix: string): Explained => {
    const isAside = takenOut !== '' && (code === 'CLUSTER_NOT_FOUND' || code === 'PLAIN_DIRECTORY')
    const message = `looking for cluster ${cluster}: ${reason}${isAside ? takenOut : ''}`
    return { reason: new RefusedError(code, message, { fix: isAside ? leaveItSo : fix }), file }
  }

  for (const place of places)
    for (const { entry, path } of place.targets)
      if (holders.has(path)) {
        // One that cannot be read is no root by itself, and may list this directory.
        const [unread] = foldersUp(path)
          .flatMap(folder => view.reach(folder).troubles)
          .filter(({ code }) => code === 'KUSTOMIZATION_UNREADABLE')
        if (unread) return { reason: notFoundElsewhere(cluster, unread), file }
        return refuse(
          'CLUSTER_NOT_FOUND',
          `${path} holds it and ${place.kustomization.path}:${entry.line} lists that, but none of the roots reaches it: ${roots}`,
          `add ${place.directory} to \`roots\` in sower.yaml, if Argo CD renders it`,
        )
      }
  const helm = helmReason(survey, places)
  if (helm !== undefined)
    return refuse(
      'HELM_RENDERED',
      `${helm}: Sower edits the lists of kustomizations only`,
      'take the cluster out of the chart by hand, or move it into a file that a kustomization lists',
    )
  const raw = file === undefined ? rawObjects(survey, cluster) : undefined
  if (raw) return refuse(...raw)
  if (file === undefined) {
    const asides = nameFew(asidesIn(survey, walks))
    return refuse(
      'CLUSTER_NOT_FOUND',
      `no ${kinds.map(({ kind }) => kind).join(' or ')} with this clusterName is listed${roots && ` below ${roots}`}${hint(survey)}${asides && `; named in a comment only at ${asides}`}`,
      asides === ''
        ? 'check the name (it is spec.clusterName, not the file name) and `roots` in sower.yaml'
        : leaveItSo,
    )
  }
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
  const nearest = view.reach(beside)
  const unread = nearest.reached === null ? nearest.troubles[0] : undefined
  if (unread && takenOut === '') return { reason: notFoundElsewhere(cluster, unread), file }
  return refuse(
    'CLUSTER_NOT_FOUND',
    `${file} holds it, but no kustomization${roots && ` below ${roots}`} lists it; the nearest one is in ${beside}${takenOut === '' ? mentioned(places, file) : ''}`,
    leaveItSo,
  )
}

const leaveItSo =
  'if Argo CD renders it from another place, name that under `roots` in sower.yaml; if somebody took it out, leave it so: bringing it back may reinstall the host'

/** The commented-out lines that lead to the files with the cluster, or else to those that name it. */
const commentedOut = (
  view: RepositoryView,
  {
    survey,
    ...known
  }: Readonly<{ survey: Survey; places: readonly Reached[]; walks: readonly Walk[] }>,
): string => {
  const { holders } = survey
  const files = holders.size > 0 ? [...holders] : telling(survey)
  const says = holders.size > 0 ? 'holds' : 'names'
  const lines = commentsLeadingTo(view, { ...known, files }).map(
    ({ kustomization, line, value, kind }) =>
      `the commented-out line ${kustomization.path}:${line} leads to ${value}, ${kind === 'file' ? 'which' : 'and the tree behind it'} ${says} the cluster`,
  )
  return lines.length > 0 ? `; ${nameFew(lines)}` : ''
}

/** Error for a cluster that Git describes by the objects themselves that siteconfig would make. */
const rawObjects = (
  { raw }: Survey,
  cluster: string,
): readonly [ErrorCode, string, string] | undefined => {
  const first = raw.find(({ kind }) => kind === 'ManagedCluster') ?? raw[0]
  if (first === undefined) return undefined
  const others = raw.filter(other => other !== first).map(({ path }) => path)
  return [
    'RAW_OBJECTS',
    `${first.path} holds ${/^[AI]/.test(first.kind) ? 'an' : 'a'} ${first.kind} ${cluster}: Sower detaches ClusterInstances and SiteConfigs only, and pruning such objects can deprovision the host${others.length > 0 ? `; more of it is in ${nameFew(others)}` : ''}`,
    'leave its entries in Git as they are; describe the cluster by a ClusterInstance, or detach it on the hub by hand',
  ]
}

/** The first comment of a kustomization that mentions a file: somebody may have taken it out there. */
const mentioned = (places: readonly Reached[], file: string): string => {
  for (const { kustomization } of places)
    for (const [index, line] of kustomization.text.split('\n').entries())
      if (holdsName(/(?:^|\s)#.*/.exec(line)?.[0] ?? '', posix.basename(file)))
        return `; a comment names it at ${kustomization.path}:${index + 1}: ${line.trim()}`
  return ''
}

/** Where else to look: a patch may give an object its name. */
const hint = (survey: Survey): string => {
  const paths = telling(survey)
  return paths.length > 0 ? `; named in ${nameFew(paths)}` : ''
}

const telling = ({ mentions }: Survey): readonly string[] =>
  mentions
    .filter(
      ({ path, text }) => kustomizationNames.includes(posix.basename(path)) || mayHoldCluster(text),
    )
    .map(({ path }) => path)

/** Names in a message: all of them, or the first eight and how many more there are. */
export const nameFew = (names: readonly string[]): string =>
  names.length > 9
    ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
    : names.join(', ')
