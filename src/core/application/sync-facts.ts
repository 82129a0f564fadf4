import type { Seen, UnknownBecause } from '../seen.ts'
import { readProject, type Project } from './project/read-project.ts'
import { windowDenies } from './project/window-denies.ts'
import type { Application } from './read-application.ts'

/** A live ClusterInstance, as far as Argo CD looks at it. */
export type LiveInstance = Readonly<{
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    annotations?: Readonly<Record<string, string>> | undefined
    labels?: Readonly<Record<string, string>> | undefined
  }>
}>

/** The facts that the rules look at: one Application, and everything its fate depends on. */
export type SyncFacts = Readonly<{
  application: Application
  /** Null where there is none, or it could not be read. */
  project: Project | null
  instances: readonly LiveInstance[]
  /** Why one of the two could not be read. */
  unread: Readonly<Partial<Record<Part, UnknownBecause>>>
  /** The files that the detach edits. */
  edited: readonly string[]
  /** Argo CD's own namespace. */
  controlPlane: string
  now: string
}>

/** An obstacle to a prune, and its fix. */
export type Hindrance = Readonly<{
  id: string
  level: 'block' | 'warn'
  reason: string
  fix: string
}>

/** A fact that a rule needs beside the Application. */
export type Part = 'project' | 'instances'

/** One rule, the same before the merge and after it. */
export type ArgoCdRule = Readonly<{
  id: string
  level: Hindrance['level']
  /** Where the rule is from: a file of Argo CD at 37ee0097, or a document. */
  source: string
  needs: readonly Part[]
  /** The problem, with the Application as the subject; null where there is none. */
  test: (facts: SyncFacts) => string | null
  /** When it holds, in words. */
  passes: string
  fix: string
}>

type ProjectObject = Readonly<{ metadata: Readonly<{ name: string }>; spec?: unknown }>

/** Puts together what the rules look at; a project that cannot be read is not known. */
export const syncFactsOf = ({
  projects,
  instances,
  ...known
}: Pick<SyncFacts, 'application' | 'edited' | 'controlPlane' | 'now'> &
  Readonly<{
    projects: Seen<readonly ProjectObject[]>
    instances: Seen<readonly LiveInstance[]>
  }>): SyncFacts => {
  const { application, edited, controlPlane, now } = known
  const named =
    projects.seen === 'present'
      ? projects.value.find(({ metadata }) => metadata.name === application.project)
      : undefined
  const project = named === undefined ? null : readProject(named)
  const isOdd = named !== undefined && project === null
  return {
    ...{ application, edited, controlPlane, now, project },
    instances: instances.seen === 'present' ? instances.value : [],
    unread: {
      ...(isOdd ? { project: 'not-served' } : {}),
      ...(projects.seen === 'unknown' ? { project: projects.why } : {}),
      ...(instances.seen === 'unknown' ? { instances: instances.why } : {}),
    },
  }
}

/** The first thing that is said of one of several. */
export const firstOf = <T>(values: readonly T[], say: (value: T) => string | null): string | null =>
  values.map(say).find(said => said !== null) ?? null

/** Why the windows keep automated sync from running so many hours from now; null when they do not. */
export const deniedByWindow = (
  { project, application, now }: SyncFacts,
  hours: number,
): string | null => {
  if (!project) return null
  const at = new Date(Date.parse(now) + hours * 3_600_000).toISOString()
  return windowDenies(project, application, { at, isManual: false })
}
