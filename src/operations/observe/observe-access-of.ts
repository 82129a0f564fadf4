import { isAdopted } from '../../core/run/detaching/is-adopted.ts'
import type { Access } from '../../core/run/observation.ts'
import type { Run } from '../../core/run/run.ts'
import { holds, present, unknown, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { readInstalledName } from '../seed/installed-name.ts'
import { observeAccess } from '../hub/prove-access.ts'

/**
 * The saved access of a run, tried out. That of an adopted run was brought by a person, so it must also lead to the cluster
 * of that name: the wrong kubeconfig would make an image of a production site.
 */
export const observeAccessOf = async (
  context: Context,
  run: Pick<Run, 'request'>,
): Promise<Seen<Access>> => {
  const { cluster } = run.request
  const access = await observeAccess(context, cluster)
  if (!isAdopted(run) || !holds(access, ({ proven }) => proven)) return access
  const seed = await connectSeed(context, cluster)
  const name = seed === null ? unknown('unreachable') : await readInstalledName(seed)
  if (name.seen === 'present' && name.value === cluster) return access
  return present({
    proven: false,
    reason:
      name.seen === 'present'
        ? `the kubeconfig leads to the cluster ${name.value}`
        : name.seen === 'absent'
          ? 'the Infrastructure of the cluster does not say which one it is'
          : `reading which cluster the kubeconfig leads to: no answer (${name.why})`,
  })
}
