import type { Command } from 'commander'
import { InputError } from '../errors.ts'
import type { Surroundings } from '../surroundings.ts'

/** The hub as the flags name it; no context is the current one of the kubeconfig. */
export type HubFlags = Readonly<{ kubeconfig?: string; context?: string }>

/**
 * Adds `--kubeconfig` and `--context`. A command that cannot work without a hub (`isNeeded`) goes by KUBECONFIG as well; any other
 * asks a hub only where Sower's own flag or variable names one.
 */
export const hubFlags = (
  command: Command,
  { environment }: Surroundings,
  { what, isNeeded = false }: Readonly<{ what: string; isNeeded?: boolean }>,
): Command => {
  const { SOWER_KUBECONFIG: own, KUBECONFIG: usual } = environment
  return command
    .option(
      '--kubeconfig <file>',
      `${what} (SOWER_KUBECONFIG${isNeeded ? ', KUBECONFIG' : ''})`,
      own || (isNeeded ? usual : undefined) || undefined,
    )
    .option('--context <name>', 'the context of that kubeconfig; default: its current one')
}

/** The kubeconfig of a command that needs the hub. Throws InputError ARGUMENT_INVALID where none is named. */
export const neededHub = (kubeconfig: string | null | undefined): string => {
  if (kubeconfig) return kubeconfig
  throw new InputError('ARGUMENT_INVALID', 'reading --kubeconfig: no hub is named', {
    fix: 'name the kubeconfig of the hub with --kubeconfig, SOWER_KUBECONFIG or KUBECONFIG',
  })
}
