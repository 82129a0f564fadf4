import { coversFile } from './covers-file.ts'
import { projectForbids } from './project/project-forbids.ts'
import { allowedAgain } from './project/window-denies.ts'
import { pruneOptionOf } from './prune-option-of.ts'
import {
  deniedByWindow,
  firstOf,
  type ArgoCdRule,
  type LiveInstance,
  type SyncFacts,
} from './sync-facts.ts'

/** The name of an Application in what it marks (controller/state.go:401). */
const instanceName = ({ application: { name, namespace }, controlPlane }: SyncFacts): string =>
  namespace === '' || namespace === controlPlane ? name : `${namespace}_${name}`

const trackedBy = ({ metadata }: LiveInstance): string | null =>
  metadata.annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0] ??
  metadata.labels?.['app.kubernetes.io/instance'] ??
  null

const failing = ['ComparisonError', 'InvalidSpecError', 'UnknownError']

/** The rules of Argo CD by which a merged detach would not be pruned, or not as it should. */
export const blockingRules: readonly ArgoCdRule[] = [
  {
    id: 'argocd.automated',
    level: 'block',
    passes: 'the Application prunes by itself',
    needs: [],
    source: 'appcontroller.go:2532,2552; docs/user-guide/auto_sync.md',
    test: ({ application }) => (application.prunes ? null : 'does not prune by itself'),
    fix: 'exactly one Application with syncPolicy.automated.prune must render the kustomization',
  },
  {
    id: 'argocd.reconciled',
    level: 'block',
    passes: 'the Application is reconciled and has no sync option `Prune=false` or `Prune=confirm`',
    needs: [],
    source: 'appcontroller.go:2763; sync_context.go:1496; docs/user-guide/sync-options.md',
    test: ({ application }) => application.hindrance,
    fix: 'take that out before the merge; else Argo CD leaves the ClusterInstance where it is',
  },
  {
    id: 'argocd.prune-option',
    level: 'block',
    passes: 'the live ClusterInstance does not say `Prune=false` or `Prune=confirm`',
    needs: ['instances'],
    source: 'sync_context.go:473-483,1496-1500; docs/user-guide/sync-options.md:37-66',
    test: ({ instances }) =>
      firstOf(instances, ({ metadata }) => {
        const option = pruneOptionOf(metadata.annotations)
        return option && `does not prune the ClusterInstance: it is annotated ${option}`
      }),
    fix: 'take that out before the merge; else Argo CD leaves the ClusterInstance where it is',
  },
  {
    id: 'argocd.tracking',
    level: 'block',
    passes: 'the live ClusterInstance is marked as of this Application',
    needs: ['instances'],
    source: 'controller/state.go:1009,1348-1397',
    test: facts =>
      firstOf(facts.instances, instance => {
        const tracker = trackedBy(instance)
        return tracker === null || tracker === instanceName(facts)
          ? null
          : `does not own the ClusterInstance ${instance.metadata.name}: it is marked as of ${tracker}`
      }),
    fix: 'find the Application that it is marked with, and edit the kustomization which that one renders',
  },
  {
    id: 'argocd.project-exists',
    level: 'block',
    passes: 'the AppProject of the Application is there',
    needs: ['project'],
    source: 'util/argo/argo.go, GetAppProject',
    test: ({ project, application, unread }) =>
      project === null && !unread.project
        ? `is of project ${application.project}, which is not there`
        : null,
    fix: 'create the AppProject, or name another one in spec.project',
  },
  {
    id: 'argocd.project-permits',
    level: 'block',
    passes:
      'the AppProject permits the repository, the destination with the namespaces of the ClusterInstances, and the kind ClusterInstance: Argo CD prunes nothing that a project does not permit',
    needs: ['project', 'instances'],
    source: 'app_project_types.go:399-530; controller/state.go:834-853',
    test: ({ project, application, instances }: SyncFacts): string | null => {
      const namespaces = instances.map(({ metadata }) => metadata.namespace ?? '')
      const forbidden = project ? projectForbids(project, application, namespaces) : null
      return forbidden && `is of project ${application.project}, which does not permit ${forbidden}`
    },
    fix: 'permit it in the AppProject; Argo CD prunes nothing that the project does not permit',
  },
  {
    id: 'argocd.sync-window',
    level: 'block',
    passes: 'no window of the AppProject denies an automated sync now',
    needs: ['project'],
    source: 'types.go:2958-3374; appcontroller.go:2002-2019',
    test: (facts: SyncFacts): string | null => {
      const denied = deniedByWindow(facts, 0)
      const { project, application, now } = facts
      if (denied === null || !project) return null
      const again = allowedAgain(project, application, now)
      return `does not sync now: ${denied}${again === null ? '' : `, until ${again.slice(0, 16)}Z`}`
    },
    fix: 'merge when the window lets Argo CD sync, and after the merge wait for that or change it (argocd proj windows list); until then the cluster stays on the hub',
  },
  {
    id: 'argocd.propagation-policy',
    level: 'block',
    passes:
      'the Application has `PrunePropagationPolicy=background`; in the foreground the ManagedCluster can be left stuck',
    needs: [],
    source:
      'controller/sync.go:286-294; cnf-features-deploy PR 1986 (OCPBUGS-37864, OCPBUGS-39252)',
    test: ({ application }: SyncFacts): string | null => {
      const policy = application.syncOptions
        .map(option => option.trim())
        .find(option => option.startsWith('PrunePropagationPolicy='))
      return policy === 'PrunePropagationPolicy=background'
        ? null
        : `prunes in the ${policy?.split('=')[1] ?? 'foreground'}, which can leave the ManagedCluster stuck`
    },
    fix: 'add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does',
  },
  {
    id: 'argocd.compares',
    level: 'block',
    passes: 'the Application has no ComparisonError, InvalidSpecError or UnknownError',
    needs: [],
    source: 'appcontroller.go:2547; controller/state.go:749',
    test: ({ application: { status } }) =>
      firstOf(status.conditions, ({ type, message }) =>
        failing.includes(type) ? `cannot compare Git with the hub: ${type}: ${message}` : null,
      ),
    fix: 'repair that first: under such a condition Argo CD syncs nothing',
  },
  {
    id: 'argocd.generate-paths',
    level: 'block',
    passes:
      'the annotation `argocd.argoproj.io/manifest-generate-paths` covers a file that the pull request changes, or there is none',
    needs: [],
    source: 'repository.go:3464-3644; util/app/path/path.go',
    test: ({ application: { generatePaths, path }, edited }) =>
      generatePaths === null ||
      edited.length === 0 ||
      edited.some(file => coversFile(generatePaths, { file, path }))
        ? null
        : `does not look at ${edited.join(', ')}: its annotation manifest-generate-paths names ${generatePaths}`,
    fix: 'let the annotation argocd.argoproj.io/manifest-generate-paths cover the file; else Argo CD goes on with what it rendered before',
  },
]
