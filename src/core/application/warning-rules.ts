import { deleteOptionIn, optionsOf } from './prune-option-of.ts'
import { deniedByWindow, firstOf, type ArgoCdRule, type SyncFacts } from './sync-facts.ts'

/** A merge is expected within that time. */
const mergeHours = 2

/** The rules of Argo CD by which a merged detach may be late, or come back. */
export const warningRules: readonly ArgoCdRule[] = [
  {
    id: 'argocd.sync-window-soon',
    level: 'warn',
    passes: 'no window denies it in two hours, when the pull request may be merged',
    needs: ['project'],
    source: 'types.go:2958-3374',
    test: (facts: SyncFacts): string | null => {
      const soon = deniedByWindow(facts, mergeHours)
      return deniedByWindow(facts, 0) === null && soon !== null
        ? `does not sync any more in ${mergeHours} hours: ${soon} then`
        : null
    },
    fix: 'merge well before that, or after it; Argo CD skips a sync in silence while a window denies it',
  },
  {
    id: 'argocd.shared',
    level: 'warn',
    passes: 'no other Application holds the ClusterInstance, too',
    needs: ['instances'],
    source: 'controller/state.go:857-865',
    test: ({ application: { status }, instances }) =>
      firstOf(status.conditions, ({ type, message }) =>
        type === 'SharedResourceWarning' &&
        instances.some(({ metadata }) => message.includes(`ClusterInstance/${metadata.name} `))
          ? `shares the ClusterInstance: ${message}`
          : null,
      ),
    fix: 'take the ClusterInstance out of the other Application; else that one creates it again',
  },
  {
    id: 'argocd.idle',
    level: 'warn',
    passes: 'no failed sync is being tried again',
    needs: [],
    source: 'appcontroller.go:1683-1690,2583-2600; application_defaults.go:6-8',
    test: ({ application: { status, retry } }: SyncFacts): string | null => {
      const { operation } = status
      if (operation?.phase !== 'Running' || operation.finishedAt === null) return null
      const limit = retry === null || retry.limit >= 0 ? '' : ', for ever'
      return `tries a failed sync again${limit}, of the commit that failed: ${operation.message}`
    },
    fix: 'repair what fails or terminate that operation; a newer commit waits for it unless syncPolicy.retry.refresh is set',
  },
  {
    id: 'argocd.last-sync',
    level: 'warn',
    passes: 'the last sync did not fail',
    needs: [],
    source: 'appcontroller.go:2583-2600',
    test: ({ application: { status } }) =>
      firstOf(status.conditions, ({ type, message }) =>
        type === 'SyncError' ? `could not sync last time: ${message}` : null,
      ),
    fix: 'repair that before the merge: a sync that fails for another object can hold this one back',
  },
  {
    id: 'argocd.delete-option',
    level: 'warn',
    passes:
      'neither the Application nor the ClusterInstance says `Delete=false` or `Delete=confirm`, which matter only when the Application is deleted',
    needs: ['instances'],
    source: 'appcontroller.go:1255-1264; docs/user-guide/sync-options.md',
    test: ({ application: { syncOptions }, instances }: SyncFacts): string | null => {
      const option =
        deleteOptionIn(syncOptions) ??
        firstOf(instances, ({ metadata }) => deleteOptionIn(optionsOf(metadata.annotations)))
      return option && `is told ${option}: the prune goes on, deleting the Application would not`
    },
    fix: 'nothing for this detach; know it before you delete the Application',
  },
  {
    id: 'argocd.ignore-differences',
    level: 'warn',
    passes: 'the Application ignores no differences of ClusterInstances',
    needs: [],
    source: 'docs/user-guide/diffing.md',
    test: ({ application }) =>
      application.ignoresInstances ? 'ignores differences of its ClusterInstances' : null,
    fix: 'nothing for this detach, which removes the object; an edit in place may not reach the hub',
  },
  {
    id: 'argocd.application-set',
    level: 'warn',
    passes: 'no ApplicationSet made the Application: one takes back what is changed in it by hand',
    needs: [],
    source: 'docs/operator-manual/applicationset/Controlling-Resource-Modification.md',
    test: ({ application: { applicationSet } }) =>
      applicationSet && `is made by ApplicationSet ${applicationSet}`,
    fix: 'change its settings in the template of the ApplicationSet, which takes others back; keep the directory, whose removal deletes the Application',
  },
]
