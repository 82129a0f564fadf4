import type { Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import { originalAccess, readKubeconfig, savedAccess } from '../hub/saved-access.ts'

/** The admin kubeconfig of a seed: as it was saved; `early`, before that, as the installer left it. */
export const findKubeconfig = async (
  context: Readonly<{
    ports: Pick<Context['ports'], 'hub' | 'conceal'>
    settings: Context['settings']
  }>,
  cluster: string,
  { early = false }: Readonly<{ early?: boolean }> = {},
): Promise<Seen<string>> => {
  const saved = await readKubeconfig(context.ports, savedAccess(context, cluster))
  return saved.seen === 'present' || !early
    ? saved
    : readKubeconfig(context.ports, originalAccess(cluster))
}
