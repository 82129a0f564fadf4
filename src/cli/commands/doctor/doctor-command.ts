import { examineInstallation } from '../../../core/doctor/examine-installation.ts'
import type { Check } from '../../../core/preflight/check.ts'
import { RefusedError, UnavailableError } from '../../../errors.ts'
import { lookAtInstallation } from '../../../operations/doctor/look-at-installation.ts'
import { isColoured, type Surroundings } from '../../../surroundings.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { GitHubOptions } from '../../clone/git-hub-options.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { neededHub } from '../../hub-flags.ts'
import type { OutputForm } from '../../output-flag.ts'
import { paint } from '../../output/paint.ts'
import { printAs } from '../../output/print-as.ts'
import { settingsAtGitHub } from './settings-at-git-hub.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'

/** Options of `sower doctor`. */
export type DoctorOptions = GitHubOptions &
  Readonly<{
    directory: string
    kubeconfig: string | null
    context: string | null
    /** The namespace of the bot. */
    namespace: string
    output: OutputForm
  }>

const version = { apiVersion: 'sower.dev/v1alpha1', kind: 'Diagnosis' }

/**
 * `sower doctor`: reads an installation with the rights of a person, GitHub's settings too where a token is named, and says what to fix. Throws InputError
 * ARGUMENT_INVALID, CONFIGURATION_MISSING; after the report RefusedError INSTALLATION_FAULTY where something is wrong,
 * UnavailableError INSTALLATION_FAULTY where nothing but answers are missing.
 */
export const doctorCommand = async (
  surroundings: Surroundings,
  options: DoctorOptions,
  redactor: Redactor,
): Promise<void> => {
  const { directory, kubeconfig, context, namespace, output } = options
  const hubFile = neededHub(kubeconfig)
  const clone = await openClone(surroundings, { directory, roots: [] })
  try {
    const configuration = requireConfiguration(clone)
    const { cluster: hub } = await hubFrom(surroundings, hubFile, context ?? undefined)
    const config = { ...configuration, roots: [...clone.roots] }
    const gitHub = await settingsAtGitHub(surroundings, options, redactor)
    const seen = await lookAtInstallation(hub, { config, namespace, now: new Date() })
    const checks = examineInstallation({ ...seen, gitHub })
    surroundings.print(
      printAs(output, { ...version, checks }, () =>
        isColoured(surroundings) ? paint.marks(describe(checks)) : describe(checks),
      ),
    )
    refuseFaulty(checks)
  } finally {
    clone.close()
  }
}

const marks = { pass: '✓', fail: '✗', unknown: '?', 'not-asked': '·' } as const

const describe = (checks: readonly Check[]): string =>
  checks
    .map(
      ({ id, level, status, reason, fix }) =>
        `${status === 'fail' && level === 'warn' ? '!' : marks[status]} ${id}: ${reason.replace(/\s+/g, ' ')}\n${fix === '' ? '' : `    ${fix}\n`}`,
    )
    .join('')

const refuseFaulty = (checks: readonly Check[]): void => {
  const blocking = checks.filter(({ level }) => level === 'block')
  const failed = blocking.filter(({ status }) => status === 'fail').map(({ id }) => id)
  const activity = 'checking the installation'
  if (failed.length > 0)
    throw new RefusedError('INSTALLATION_FAULTY', `${activity}: ${failed.join(', ')}`, {
      fix: 'do what the report says for each',
    })
  const open = blocking.filter(({ status }) => status === 'unknown').map(({ id }) => id)
  if (open.length > 0)
    throw new UnavailableError(
      'INSTALLATION_FAULTY',
      `${activity}: no answer for ${open.join(', ')}`,
      { fix: 'run it as a user who may read it, or ask again later' },
    )
}
