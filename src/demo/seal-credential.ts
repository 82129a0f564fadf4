import posix from 'node:path/posix'
import { join } from 'node:path'
import { execa } from 'execa'
import { parseDocument } from 'yaml'
import { openFolder } from '../adapters/files/open-folder.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import type { Demo } from './demo.ts'
import type { Person } from './person.ts'

type Where = Readonly<{
  demo: Demo
  sandbox: Sandbox
  person: Person
  image: string
  /** The SealedSecret in the repository. */
  file: string
  /** The kustomization beside it, which comes to list it. */
  list: string
}>

/** Seals the push credential with `sower seal`, as the person does, and pushes it to the base branch. */
export const sealCredential = async ({
  demo: { directory, credential, emit, surroundings, program, environment },
  sandbox,
  person,
  image,
  file,
  list,
}: Where): Promise<void> => {
  const registry = sandbox.registry.host
  const home = openFolder(join(directory, 'person'))
  const auth = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
  home.write('auth.json', JSON.stringify({ auths: { [registry]: { auth } } }), 0o600)
  home.write('sealing.pem', sandbox.sealingCertificate)
  const words = ['seal', '--authfile', 'auth.json', '--image', image, '--cert', 'sealing.pem']
  emit({
    event: 'act',
    actor: 'person',
    message: `seals the push credential: sower ${words.join(' ')}`,
  })
  const { stdout } = await execa(surroundings.node, [program, ...words, '-C', 'clone'], {
    ...{ cwd: home.directory, extendEnv: false, env: environment, stripFinalNewline: false },
  })
  const kustomization = parseDocument(person.clone.read(list))
  const entry = posix.basename(file)
  const isListed = new RegExp(`^ *- ["']?(?:\\./)?${entry.replaceAll('.', '\\.')}`, 'm').test(
    person.clone.read(list),
  )
  if (!isListed) kustomization.addIn(['resources'], entry)
  await person.push({
    branch: 'main',
    message: 'Seal the push credential',
    files: { [file]: stdout, ...(isListed ? {} : { [list]: kustomization.toString() }) },
  })
}
