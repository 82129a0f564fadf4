import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'

/**
 * `sower version`: the versions of Sower, kustomize and git; null for a program that is not there. Throws nothing.
 */
export const versionCommand = async (
  surroundings: Surroundings,
  { output, sower }: Readonly<{ output: OutputForm; sower: string }>,
): Promise<void> => {
  const kustomize = await composeKustomize(surroundings)
  const { runGit } = await import('../../../adapters/git/run-git.ts')
  const { directory, environment } = surroundings
  const place = { directory, environment: { PATH: environment['PATH'] ?? '', LC_ALL: 'C' } }
  const versions = {
    sower,
    kustomize: await asked(() => kustomize.version()),
    git: await asked(async () =>
      (await runGit(place, ['--version'])).toString('utf8').trim().replace('git version ', ''),
    ),
  }
  surroundings.print(
    printAs(output, versions, () =>
      Object.entries(versions)
        .map(([name, version]) => `${name.padEnd(10)}${version ?? 'not found'}\n`)
        .join(''),
    ),
  )
}

const asked = async (ask: () => Promise<string>): Promise<string | null> => {
  try {
    return await ask()
  } catch {
    return null
  }
}
