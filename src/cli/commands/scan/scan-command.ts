import { posix, resolve } from 'node:path'
import type { WhichVersions } from '../../../adapters/git/list-versions.ts'
import { openHistory, type History } from '../../../adapters/git/open-history.ts'
import { readConfiguration } from '../../../core/settings/configuration.ts'
import { defaults } from '../../../core/settings/defaults.ts'
import { configurationPlaces } from '../../../core/settings/nearest-configuration.ts'
import { describeLeaks } from '../../../core/scan/describe-leaks.ts'
import { printable } from '../../../core/printable.ts'
import { isLeak } from '../../../core/scan/scan-finding.ts'
import { InputError, RefusedError } from '../../../errors.ts'
import { scanVersions, type FoundIn } from '../../../operations/scan-versions.ts'
import { during, type Surroundings } from '../../../surroundings.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'

export type ScanOptions = Readonly<{
  directory: string
  base: string | null
  head: string | null
  staged: boolean
  output: OutputForm
}>

/**
 * `sower scan`: tells where credentials are, never what they are. Throws RefusedError CREDENTIAL_LEAKED or
 * SCAN_INCOMPLETE, InputError for what cannot be scanned.
 */
export const scanCommand = async (
  surroundings: Surroundings,
  options: ScanOptions,
): Promise<void> => {
  if (options.staged && (options.base ?? options.head) !== null)
    throw new InputError('ARGUMENT_INVALID', 'reading --staged: it takes no --base and no --head', {
      fix: 'see `sower scan --help`',
    })
  const history = await openScanned(surroundings, options)
  const which = await chooseVersions(history, options)
  const { directory, failOnKnownSecrets } = await readSettings(history, which.head)
  const { found, scanned } = await during(
    surroundings,
    'reading what the commits bring',
    async () => scanVersions(await history.versions(which), { directory }),
  )
  const leaks = found.filter(finding => isLeak(finding, { failOnKnownSecrets }))
  const notes = found.filter(finding => !leaks.includes(finding))
  const result = { scanned, leaks, notes }
  surroundings.print(
    printAs(options.output, documentOf(result), () => asText(result, options.output)),
  )
  if (leaks.length > 0) throw refusal(leaks, options)
}

type Result = Readonly<{ scanned: number; leaks: readonly FoundIn[]; notes: readonly FoundIn[] }>

const documentOf = ({ scanned, leaks, notes }: Result): object => {
  const told = (found: readonly FoundIn[], fails: boolean): readonly object[] =>
    found.map(({ commit, path, line, code }) => ({ commit, path, line, code, fails }))
  const findings = [...told(leaks, true), ...told(notes, false)]
  const counts = { failing: leaks.length, notes: notes.length }
  return { scanned, ...counts, findings }
}

const asText = ({ scanned, leaks, notes }: Result, form: OutputForm): string => {
  const lineOf = ({ commit, path, line, code }: FoundIn): string =>
    `  ${commit?.slice(0, form === 'wide' ? undefined : 12) ?? 'staged'} ${printable(path)}:${line} ${code}`
  return [
    `scanned ${counted(scanned, 'file')}: ${[
      counted(leaks.length, 'finding'),
      ...(notes.length > 0 ? [counted(notes.length, 'note')] : []),
    ].join(', ')}`,
    ...leaks.map(lineOf),
    ...(notes.length > 0 ? ['notes, which do not fail:', ...notes.map(lineOf)] : []),
    '',
  ].join('\n')
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const refusal = (leaks: readonly FoundIn[], { staged }: ScanOptions): RefusedError => {
  const { code, fix } = describeLeaks(leaks)
  return new RefusedError(code, `scanning for credentials: ${counted(leaks.length, 'finding')}`, {
    fix:
      staged && code === 'CREDENTIAL_LEAKED'
        ? 'take it out of the index (git restore --staged FILE) and seal it with `sower seal`'
        : fix,
  })
}

const openScanned = async (
  { directory, environment }: Surroundings,
  options: ScanOptions,
): Promise<History> => {
  const index = environment['GIT_INDEX_FILE']
  const given = {
    PATH: environment['PATH'] ?? '',
    HOME: environment['HOME'] ?? '/',
    // `git commit -a` gives its hook an index of its own.
    ...(options.staged && index ? { GIT_INDEX_FILE: resolve(directory, index) } : {}),
  }
  const start = resolve(directory, options.directory)
  return await openHistory({ directory: start, environment: given }, options.directory)
}

const chooseVersions = async (history: History, options: ScanOptions): Promise<WhichVersions> => {
  if (options.staged) return { of: 'index', head: await history.commitOf('HEAD') }
  const named = async (flag: string, revision: string): Promise<string> => {
    const commit = await history.commitOf(revision)
    if (commit !== null) return commit
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading ${flag}: there is no commit ${revision} in this clone`,
      {
        fix: (await history.isShallow()) ? unshallow : 'fetch it, or name another one',
      },
    )
  }
  const head = await named('--head', options.head ?? 'HEAD')
  if (options.base === null) return { of: 'tree', head }
  const base = await named('--base', options.base)
  if ((await history.cutOff({ base, head })).length > 0)
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading --base: this clone is shallow, and commits after it are missing',
      { fix: unshallow },
    )
  return { of: 'range', base, head }
}

const unshallow = 'fetch the whole history: git fetch --unshallow'

/** The settings of the nearest sower.yaml, of those that are committed. */
const readSettings = async (
  history: History,
  head: string | null,
): Promise<Readonly<{ directory: string | null; failOnKnownSecrets: boolean }>> => {
  if (head === null) return { directory: null, failOnKnownSecrets: false }
  const found = await history.firstFile(head, configurationPlaces(history.prefix))
  if (found === null) return { directory: defaults.directory, failOnKnownSecrets: false }
  const { directory, scan } = readConfiguration(found.text, () => [])
  return {
    directory: posix.join(posix.dirname(found.path), directory),
    failOnKnownSecrets: scan.failOnKnownSecrets,
  }
}
