import posix from 'node:path/posix'
import { clustersInText } from './clusters-in.ts'
import { holdsName, namesCluster } from './names-cluster.ts'
import { rawObjectIn } from './raw-object-in.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { directoriesWithKustomization, kustomizationNames } from '../kustomization/every-path.ts'

type Text = Readonly<{ path: string; text: string }>

/** The findings about a cluster in the files of a whole repository, listed anywhere or not. */
export type Survey = Readonly<{
  /** Files that hold it as an object. */
  holders: ReadonlySet<string>
  /** Files that hold an object which ACM makes of it, such as its ManagedCluster, with that object's kind. */
  raw: readonly Readonly<{ path: string; kind: string }>[]
  /** Files that name it without holding it. */
  mentions: readonly Text[]
  /** Lines of comments that name it, in files that hold no other word of it; the line counts from 1. */
  asides: readonly Readonly<{ path: string; line: number }>[]
  applicationSets: readonly Text[]
  /** Directories with a kustomization. */
  directories: readonly string[]
  /** Directories of Helm charts. */
  charts: ReadonlySet<string>
}>

/** Reads every file that may be YAML or a template of it; links are not followed. */
export const surveyRepository = (view: RepositoryView, cluster: string): Survey => {
  const places = view.paths()
  const holders = new Set<string>()
  const raw: { path: string; kind: string }[] = []
  const mentions: Text[] = []
  const asides: { path: string; line: number }[] = []
  const applicationSets: Text[] = []
  for (const { path, kind } of places) {
    // What is listed and too large is refused where it is followed.
    if (kind !== 'file' || !mayBeYaml(path) || view.size(path) > sizeLimits.file) continue
    const text = textAt(view, path)
    if (text.includes('ApplicationSet')) applicationSets.push({ path, text })
    if (clustersInText(text, cluster).some(({ name }) => name === cluster)) holders.add(path)
    else if (namesCluster(text, cluster)) {
      mentions.push({ path, text })
      const kind = rawObjectIn(text, cluster)
      if (kind !== undefined) raw.push({ path, kind })
    } else if (text.includes(cluster)) {
      const line = text.split('\n').findIndex(one => holdsName(one, cluster))
      if (line >= 0) asides.push({ path, line: line + 1 })
    }
  }
  const charts = places.filter(({ path }) => posix.basename(path) === 'Chart.yaml')
  return {
    holders,
    raw,
    mentions,
    asides,
    applicationSets,
    directories: directoriesWithKustomization(places),
    charts: new Set(charts.map(({ path }) => posix.dirname(path))),
  }
}

const mayBeYaml = (path: string): boolean =>
  /\.(?:ya?ml|json|tpl|gotmpl)$/.test(path) || kustomizationNames.includes(posix.basename(path))

/** The comments of listed files that name the cluster, as `path:line`: somebody may have taken it out of one of them. */
export const asidesIn = (
  { asides }: Pick<Survey, 'asides'>,
  walks: readonly Walk[],
): readonly string[] => {
  const targets = walks.flatMap(({ reached }) => reached.flatMap(place => place.targets))
  const listed = new Set(targets.map(({ path }) => path))
  return asides.filter(({ path }) => listed.has(path)).map(({ path, line }) => `${path}:${line}`)
}
