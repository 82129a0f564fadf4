import { clusterInstance } from '../../cluster/kinds.ts'
import { globMatch, globMatchOrNot } from './glob-match.ts'
import type { Application } from '../read-application.ts'
import type { Project } from './read-project.ts'

type Placed = Pick<Application, 'destination' | 'repoURL'>
type Kind = Readonly<{ group: string; kind: string }>

/** A repository URL as Argo CD compares it (util/git/git.go, NormalizeGitURL). */
const normalised = (url: string): string => {
  const lower = url.trim().toLowerCase()
  const isScp = /^[^/]+@[^/]+:/.test(lower)
  return (isScp ? lower.replace(':', '/') : lower).replace(/\.git$/, '').replace(/^ssh:\/\//, '')
}

const takesSource = ({ spec }: Project, repoURL: string): boolean => {
  const url = normalised(repoURL)
  const answers = (spec.sourceRepos ?? []).map(pattern => {
    const isNot = pattern.startsWith('!')
    const rest = normalised(isNot ? pattern.slice(1) : pattern)
    return { isNot, fits: globMatchOrNot(`${isNot ? '!' : ''}${rest}`, url, '/') }
  })
  return answers.every(({ isNot, fits }) => fits || !isNot) && answers.some(({ fits }) => fits)
}

/** The hub itself has both a name and an address; of another cluster an Application gives one, and all may be behind it. */
const local = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }

const takesDestination = (
  { spec }: Project,
  { server, name, namespace }: Application['destination'],
): boolean => {
  const isLocal = server === local.server || name === local.name
  const fitsIn = (pattern: string, value: string): boolean =>
    value === '' ? pattern !== '' && !pattern.startsWith('!') : globMatchOrNot(pattern, value)
  const answers = (spec.destinations ?? []).map(item => {
    const fitsName = fitsIn(item.name, isLocal ? local.name : name)
    const fitsServer = fitsIn(item.server, isLocal ? local.server : server)
    const fitsNamespace = globMatchOrNot(item.namespace, namespace)
    const isRefused =
      (!fitsName && item.name.startsWith('!')) ||
      (!fitsServer && item.server.startsWith('!') && fitsNamespace) ||
      (!fitsNamespace && item.namespace.startsWith('!') && fitsServer)
    const fits = (fitsServer || fitsName) && fitsNamespace
    return { fits, isRefused: isRefused && !fits }
  })
  return answers.some(({ fits }) => fits) && !answers.some(({ isRefused }) => isRefused)
}

const holdsKind = (list: readonly Kind[], { group, kind }: Kind): boolean =>
  list.some(item => globMatch(item.group, group) && globMatch(item.kind, kind))

const takesKind = ({ spec }: Project, kind: Kind): boolean => {
  const { namespaceResourceWhitelist: white, namespaceResourceBlacklist: black } = spec
  return (!white || holdsKind(white, kind)) && !holdsKind(black ?? [], kind)
}

/**
 * The part of an Application that its project does not permit; null when it permits all that a detach needs. Argo CD drops a
 * live object whose kind or place is not permitted from the comparison, so it is never pruned (controller/state.go:834;
 * app_project_types.go, IsSourcePermitted, isDestinationMatched, IsGroupKindNamePermitted). `namespaces`: where the live
 * ClusterInstances are.
 */
export const projectForbids = (
  project: Project,
  { repoURL, destination }: Placed,
  namespaces: readonly string[],
): string | null => {
  const { group, kind } = clusterInstance
  if (!takesSource(project, repoURL)) return `the source ${repoURL}`
  const place = [destination.namespace, ...namespaces].find(
    namespace => !takesDestination(project, { ...destination, namespace }),
  )
  if (place !== undefined)
    return `the destination ${destination.name || destination.server}, namespace ${place || '(none)'}`
  return takesKind(project, { group, kind }) ? null : `${kind} of ${group}`
}
