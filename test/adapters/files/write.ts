import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openFolder } from '../../../src/adapters/files/open-folder.ts'
import { appendOutput, plainFile, writeOutput } from '../../../src/adapters/files/write-output.ts'
import { writeWhole } from '../../../src/adapters/files/write-whole.ts'

const textOf = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8')
const modeOf = (file: string): number => statSync(file).mode & 0o777

t.test('a file is replaced whole, keeps its mode, and leaves nothing beside it', t => {
  const directory = t.testdir({ script: 'old' })
  const file = join(directory, 'script')
  chmodSync(file, 0o750)
  t.ok(writeWhole(file, 'new'))
  t.equal(textOf(file), 'new')
  t.equal(modeOf(file), 0o750)
  t.ok(
    writeWhole(join(directory, 'secret'), Buffer.from([0, 255]), { mode: 0o600, isDurable: true }),
  )
  t.equal(modeOf(join(directory, 'secret')), 0o600)
  t.strictSame(readFileSync(join(directory, 'secret')), Buffer.from([0, 255]))
  t.strictSame(readdirSync(directory).sort(), ['script', 'secret'])
  t.end()
})

t.test('a file is created once, whoever comes second', t => {
  const directory = t.testdir()
  const file = join(directory, 'lock')
  const made = ['first', 'second'].map(text => writeWhole(file, text, { to: 'create' }))
  t.strictSame(made, [true, false])
  t.equal(textOf(file), 'first')
  t.strictSame(readdirSync(directory), ['lock'])
  t.end()
})

t.test('what cannot be written leaves what was there, and nothing else', t => {
  const directory = t.testdir({ here: { inside: 'x' }, taken: 'by another' })
  t.throws(() => writeWhole(join(directory, 'none', 'file'), ''), { code: 'ENOENT' })
  t.throws(() => writeWhole(join(directory, 'here'), 'a file'))
  const aside = join(directory, 'taken')
  t.throws(() => writeWhole(join(directory, 'new'), '', { aside }), { code: 'EEXIST' })
  t.throws(() => writeWhole(join(directory, 'new'), '', { aside, to: 'create' }), {
    code: 'EEXIST',
  })
  t.equal(textOf(aside), 'by another', 'the file of another is not taken away')
  t.strictSame(readdirSync(directory).sort(), ['here', 'taken'])
  t.end()
})

t.test('output goes to plain files only, and the error shows what the person wrote', t => {
  const directory = t.testdir({ file: 'old', folder: {} })
  symlinkSync('file', join(directory, 'link'))
  const output = (name: string) => ({ file: join(directory, name), shown: `./${name}` })
  t.ok(plainFile(output('file')))
  t.equal(plainFile(output('none')), undefined)
  writeOutput(output('file'), 'new')
  t.equal(textOf(directory, 'file'), 'new')
  for (const [name, reason] of [
    ['link', 'it is a symbolic link'],
    ['folder', 'it is not a plain file'],
    ['none/file', 'ENOENT'],
    ['file/below', 'ENOTDIR'],
  ] as const)
    t.throws(
      () => {
        writeOutput(output(name), 'x')
      },
      { name: 'InputError', code: 'OUTPUT_UNWRITABLE', message: `writing ./${name}: ${reason}` },
      name,
    )
  t.strictSame(readdirSync(directory).sort(), ['file', 'folder', 'link'])
  t.end()
})

t.test('a folder takes files with the directories on their way', t => {
  const directory = t.testdir({ from: { a: '1', d: { b: '2' } } })
  const folder = openFolder(join(directory, 'new', 'folder'), 0o700)
  t.equal(modeOf(folder.directory), 0o700)
  t.equal(folder.write('x/y', 'z', 0o600), join(folder.directory, 'x', 'y'))
  t.equal(modeOf(join(folder.directory, 'x', 'y')), 0o600)
  folder.copy(join(directory, 'from'))
  mkdirSync(join(folder.directory, 'empty'))
  t.strictSame(folder.files(), ['a', join('d', 'b'), join('x', 'y')])
  t.equal(folder.read('d/b'), '2')
  t.equal(openFolder(folder.directory).read('x/y'), 'z', 'opening it again changes nothing')
  t.end()
})

t.test('text is added at the end of a file, which may be a new one', t => {
  const directory = t.testdir({})
  const file = join(directory, 'summary')
  appendOutput({ file, shown: 'it' }, 'a\n')
  appendOutput({ file, shown: 'it' }, 'b\n')
  t.equal(textOf(file), 'a\nb\n')
  t.throws(
    () => {
      appendOutput({ file: directory, shown: 'it' }, 'a')
    },
    { code: 'OUTPUT_UNWRITABLE', message: /^writing it: / },
  )
  t.end()
})
