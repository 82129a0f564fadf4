import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { directoryTree } from '../../adapters/directory-tree.ts'
import { gitRepository } from '../../adapters/git.ts'
import { configurationPath, readConfiguration } from '../../config.ts'
import { InputError, RefusedError } from '../../errors.ts'
import { readText } from '../../operations/context.ts'
import { planDetach, refuseUnlessSeed } from '../../operations/detach.ts'
import { prove } from '../../operations/prove.ts'
import { composeKustomize, type Surroundings } from '../compose.ts'

type Options = Readonly<{ cluster: string; directory: string; write: boolean }>

/**
 * `sower plan` and `sower detach`: shows the edit and its proof, made from committed content; `detach` then
 * writes the one file into the work tree, if it has no uncommitted changes. Throws InputError,
 * RefusedError; then nothing is changed.
 */
export const planCommand = async (surroundings: Surroundings, options: Options): Promise<void> => {
  try {
    await planOrDetach(surroundings, options)
  } catch (error) {
    // Already done is no failure.
    if (!(error instanceof RefusedError && error.code === 'ALREADY_DETACHED')) throw error
    surroundings.print(`${error.message}; nothing is to be done\n`)
  }
}

const planOrDetach = async (surroundings: Surroundings, options: Options): Promise<void> => {
  const { cluster, write } = options
  const start = resolve(surroundings.directory, options.directory)
  const git = async (...commandArguments: string[]): Promise<string> => {
    const { exitCode, stdout } = await execa('git', commandArguments, {
      cwd: start,
      extendEnv: false,
      env: {
        PATH: surroundings.environment['PATH'] ?? '',
        HOME: surroundings.environment['HOME'] ?? '/',
        LC_ALL: 'C',
      },
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
    })
    if (exitCode === 0) return stdout
    throw new InputError(
      'GIT_FAILED',
      `reading the repository at ${options.directory}: it is not a git repository with a commit`,
      {
        fix: 'name a directory of a clone with -C',
      },
    )
  }
  const top = (await git('rev-parse', '--show-toplevel')).trim()
  const head = (await git('rev-parse', '--verify', 'HEAD')).trim()
  const prefix = (await git('rev-parse', '--show-prefix')).trim()

  const work = mkdtempSync(join(tmpdir(), 'sower-plan-'))
  try {
    const repository = gitRepository({
      url: top,
      directory: work,
      tokenFile: null,
      path: surroundings.environment['PATH'] ?? '',
      commit: head,
    })
    await repository.fetch()
    const checkout = await repository.checkout(head)
    // A repository may lie in a directory of another one, as the example does.
    const inside =
      prefix === ''
        ? checkout
        : {
            ...checkout,
            directory: join(checkout.directory, prefix),
            tree: directoryTree(join(checkout.directory, prefix)),
          }
    if (inside.tree.entry(configurationPath) !== 'file')
      throw new InputError(
        'CONFIGURATION_MISSING',
        `reading ${prefix}${configurationPath} in HEAD: it is not there`,
        {
          fix: 'name the directory that holds it with -C, and commit it',
        },
      )
    const config = readConfiguration(readText(inside, configurationPath))
    refuseUnlessSeed(config, cluster)
    const plan = planDetach(inside.tree, { cluster, roots: config.roots })
    const file = `${prefix}${plan.found.kustomization.path}`
    const edited = await repository.commit({
      onto: head,
      message: `Detach ${cluster}\n`,
      changes: [{ path: file, content: plan.edit.text }],
    })
    const after = await repository.checkout(edited)
    const proof = await prove(
      { ports: { kustomize: await composeKustomize(surroundings, 300) }, proofs: new Map() },
      {
        before: inside,
        after: { ...after, directory: join(after.directory, prefix) },
        roots: config.roots,
        cluster,
      },
    )
    if (proof.refusal !== null)
      throw new RefusedError(
        'PROOF_REFUSED',
        `proving the detach of ${cluster}: ${proof.refusal}`,
        {
          fix: `edit ${file} by hand so that only the ClusterInstance of ${cluster} leaves`,
        },
      )
    const lines = proof.roots.flatMap(({ path, removed, left }) => [
      ...removed.map(object => `  ${path}: ${object} leaves`),
      `  ${path}: ${left} objects are left`,
    ])
    surroundings.print(
      `${await repository.diff(head, edited)}\nproof (${proof.kustomize}): exactly this cluster leaves the render\n${lines.join('\n')}\n`,
    )
    if (!write) return
    if ((await git('-C', top, 'status', '--porcelain', '--', file)) !== '')
      throw new RefusedError(
        'UNCOMMITTED_CHANGES',
        `detaching ${cluster}: ${file} has uncommitted changes`,
        {
          fix: 'commit or stash them first',
        },
      )
    writeFileSync(join(top, file), plan.edit.text)
    surroundings.print(`edited ${file}; look at it, then commit\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
