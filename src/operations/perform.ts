import type { Effect, Run } from '../core/run/run.ts'
import type { EffectResult } from '../core/run/settle.ts'
import { savedAccess } from './hub/saved-access.ts'
import type { Context } from './context.ts'
import { applySeedGenerator } from './effects/apply-seed-generator.ts'
import { deleteSecret, deleteSeedGenerator } from './effects/delete-seed-generator.ts'
import { commitDetach } from './effects/commit-detach.ts'
import { commitRecord } from './effects/commit-record.ts'
import { commitSeedGenerator } from './effects/commit-seed-generator.ts'
import { deliverSecret } from './effects/deliver-secret.ts'
import { recordMerge } from './effects/record-merge.ts'
import { refresh } from './effects/refresh.ts'
import { saveAccess } from './effects/save-access.ts'
import { syncWithPrune } from './effects/sync-with-prune.ts'

/** Does one effect. Returns when it is known to have happened; throws what the effect throws. */
export const perform = async (
  context: Context,
  run: Run,
  effect: Effect,
): Promise<EffectResult> => {
  const { cluster } = run.request
  switch (effect.do) {
    case 'save-access':
      await saveAccess(context, cluster)
      return {}
    case 'commit-detach':
      await commitDetach(context, run, effect.onto)
      return {}
    case 'record-merge':
      return recordMerge(context, run, effect.mergedAs)
    case 'refresh':
      await refresh(context, effect.application)
      return {}
    case 'hard-refresh':
      await refresh(context, effect.application, 'hard')
      return {}
    case 'sync-with-prune':
      await syncWithPrune(context, run, effect.application)
      return {}
    case 'commit-seed-generator':
      return commitSeedGenerator(context, run, effect.image)
    case 'deliver-secret':
      return { uses: await deliverSecret(context, run) }
    case 'apply-seed-generator':
      await applySeedGenerator(context, run, effect.from)
      return {}
    case 'delete-seed-generator':
      await deleteSeedGenerator(context, cluster, effect)
      return {}
    case 'delete-secret':
      await deleteSecret(context, cluster)
      return {}
    case 'commit-record':
      return commitRecord(context, run, effect.digest)
    case 'delete-access':
      await context.ports.hub.remove(savedAccess(context, cluster))
      return {}
  }
}
