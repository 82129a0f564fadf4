import { runOf } from '../../core/run/run-of.ts'
import { RefusedError } from '../../errors.ts'
import { forgetAccess } from './forget-access.ts'
import type { Context } from '../context.ts'
import { authorise } from '../intake/authorise.ts'
import type { Answer, Sender } from '../intake/sender.ts'

/** Deletes the saved access of the ended run of a pull request, for whoever may abort runs. Throws RefusedError. */
export const answerForget = async (context: Context, from: Sender): Promise<Answer> => {
  await authorise(context, from, 'forget')
  const run = runOf(await context.ports.runs.list(), from.pullRequest)
  if (!run)
    throw new RefusedError(
      'REQUEST_INVALID',
      `forget was asked for on #${from.pullRequest}, which has no run`,
      { fix: 'comment on the pull request of the run, or use `sower forget <cluster>`' },
    )
  const { cluster } = run.request
  const { wasThere } = await forgetAccess(context, cluster)
  return {
    text: wasThere
      ? `The saved access to ${cluster} is deleted. What is left on the seed can be cleaned with its own admin kubeconfig only.`
      : `No access to ${cluster} is saved.`,
    code: null,
  }
}
