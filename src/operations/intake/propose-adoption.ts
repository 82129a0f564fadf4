import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import type { Context } from '../context.ts'
import { authorise } from './authorise.ts'
import type { Answer, Sender } from './sender.ts'

/**
 * Answers `/seed adopt <cluster>` with what to type: the adoption itself is asked for by a request file, which a person
 * writes and merges. Changes nothing. Throws RefusedError for who may not ask and for what is no seed.
 */
export const proposeAdoption = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const { config } = await authorise(context, from, 'adopt')
  refuseUnlessSeed(config, cluster)
  const { namespace } = context.settings
  return {
    code: null,
    text: `To ask for a seed image of ${cluster} that was detached by hand, or never was on a hub: save the access to it with \`sower access save --kubeconfig <hub> --namespace ${namespace} --seed-kubeconfig <file> ${cluster}\`, open the pull request with \`sower request --adopt ${cluster}\`, and merge it. Nothing was changed.`,
  }
}
