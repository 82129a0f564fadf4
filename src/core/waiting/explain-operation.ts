type Explained = Readonly<{ pattern: RegExp; next: (names: Names) => string }>

/** Whom an advice is about. */
export type Names = Readonly<{ application: string; namespace: string; resource: string }>

const hint = (pattern: RegExp, next: (names: Names) => string): Explained => ({ pattern, next })

/** The messages of Argo CD about syncs, conditions and objects, each with its cure (argo-cd at 37ee0097). */
const known: readonly Explained[] = [
  // sync_context.go:473-483
  hint(
    /waiting for pruning confirmation/,
    ({ application, namespace }) =>
      `confirm the prune: oc annotate application ${application} -n ${namespace} argocd.argoproj.io/deletion-approved=$(date -u +%Y-%m-%dT%H:%M:%SZ) --overwrite`,
  ),
  // sync_context.go:1496-1500
  hint(
    /ignored \(no prune\)/,
    ({ application }) =>
      `take Prune=false from the ClusterInstance or the Application, then: argocd app sync ${application} --prune`,
  ),
  hint(
    /ignored \(requires pruning\)|requires pruning/,
    ({ application, resource }) => `argocd app sync ${application} --prune --resource ${resource}`,
  ),
  // appcontroller.go:2631
  hint(
    /auto-sync will wipe out all resources/,
    ({ application, resource }) => `argocd app sync ${application} --prune --resource ${resource}`,
  ),
  // sync_context.go:617
  hint(/waiting for deletion of/, () => 'look at that object further down'),
  hint(
    /waiting for healthy state of/,
    () => 'make that object healthy: an earlier wave holds the prune back',
  ),
  // appcontroller.go:2002-2019
  hint(
    /blocked by sync window/,
    () => 'wait for the window of the AppProject, or change it: argocd proj windows list',
  ),
  // repository.go:977-1133: after three failures no render is tried for an hour.
  hint(
    /Manifest generation error \(cached\)/,
    ({ application }) => `repair the render, then: argocd app get ${application} --hard-refresh`,
  ),
  hint(
    /admission webhook .* denied/,
    () => 'let that webhook take the deletion; it names its reason',
  ),
  // appcontroller.go:2583
  hint(
    /Failed last sync attempt/,
    ({ application }) =>
      `repair what it names, then: argocd app sync ${application} --prune; Argo CD does not try this commit again by itself`,
  ),
  hint(/is not permitted in project/, () => 'permit it in the AppProject'),
  hint(
    /DeadlineExceeded|context deadline exceeded/,
    () => 'the render takes too long: raise --repo-server-timeout-seconds of Argo CD',
  ),
  hint(
    /authentication required|repository not accessible|failed to list refs|Repository not found/i,
    () => 'repair the credential of the repository in Argo CD',
  ),
  hint(
    /no clusters with this name|cluster .* has not been configured/,
    () => 'repair spec.destination of the Application',
  ),
  hint(
    /is forbidden|cannot delete resource/,
    () => "give Argo CD's controller the right that it names",
  ),
  hint(/another operation is already in progress/, () => 'wait for that operation to end'),
]

/** The cure for a message of Argo CD; null where Sower does not know it. */
export const explainOperation = (said: string, names: Names): string | null =>
  known.find(({ pattern }) => pattern.test(said))?.next(names) ?? null
