// Checks the rules of the house that CONTRIBUTING.md names: layers, cycles, sizes, names, and that a test of its own
// topic imports each source file. `node scripts/check-structure.js [directory]` checks another tree the same way.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

const root = resolve(process.argv[2] ?? '.')
const problems = []
const complain = (file, reason) => problems.push(`${file}: ${reason}`)

const filesBelow = directory =>
  existsSync(join(root, directory))
    ? readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
        .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
    : []
const sources = [...filesBelow('src'), ...filesBelow('plugin')]
const tests = filesBelow('test')
const textOf = file => readFileSync(join(root, file), 'utf8')

/** The imports of a file: the module, and whether only types of it. */
const importsOf = file => {
  const found = []
  const add = (specifier, isType) => found.push({ specifier, isType })
  const visit = node => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const names = clause?.namedBindings
      const areTypes =
        names !== undefined &&
        ts.isNamedImports(names) &&
        clause?.name === undefined &&
        names.elements.length > 0 &&
        names.elements.every(element => element.isTypeOnly)
      add(
        node.moduleSpecifier.text,
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || areTypes,
      )
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(node.moduleSpecifier.text, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments
      if (specifier && ts.isStringLiteralLike(specifier)) add(specifier.text, false)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true))
  return found.map(({ specifier, isType }) => ({
    specifier,
    isType,
    file: specifier.startsWith('.')
      ? join(dirname(file), specifier).split(sep).join('/')
      : undefined,
  }))
}
const imports = new Map([...sources, ...tests].map(file => [file, importsOf(file)]))

// Layers: what each may import of ours, and of the world. The first prefix that fits a file is its layer.
const base = ['src/errors.ts', 'src/error-codes.ts', 'src/once.ts', 'src/redact/']
const shells = ['src/surroundings.ts', 'src/core/', 'src/operations/', 'src/adapters/', ...base]
const layers = [
  {
    of: 'src/core/',
    may: ['src/core/', 'src/errors.ts', 'src/error-codes.ts'],
    modules: ['node:crypto', 'node:path/posix', 'yaml', 'zod', 'mdast-util-from-markdown'],
  },
  { of: 'src/errors.ts', may: ['src/error-codes.ts'], modules: [] },
  { of: 'src/error-codes.ts', may: [], modules: [] },
  { of: 'src/once.ts', may: ['src/errors.ts'], modules: [] },
  { of: 'src/redact/', may: ['src/redact/', 'src/core/', 'src/errors.ts'], modules: [] },
  { of: 'src/operations/ports/', may: ['src/operations/ports/', 'src/core/'], modules: [] },
  {
    of: 'src/operations/',
    may: ['src/operations/', 'src/core/', ...base],
    modules: ['node:crypto', 'node:path/posix', 'zod'],
  },
  // An adapter knows one system: its own folder, and what all use to reach files and git.
  {
    of: 'src/adapters/',
    may: [
      'src/adapters/files/',
      'src/adapters/git/',
      'src/operations/ports/',
      'src/core/',
      ...base,
    ],
    ownFolder: true,
  },
  { of: 'src/surroundings.ts', may: ['src/operations/ports/', 'src/adapters/'] },
  { of: 'src/bot/', may: ['src/bot/', ...shells] },
  { of: 'plugin/', may: ['plugin/', ...shells] },
  { of: 'src/demo/', may: ['src/demo/', 'src/sandbox/', ...shells] },
  // The command line starts the other shells; none of them knows it.
  { of: 'src/cli/', may: ['src/cli/', 'src/bot/', 'src/demo/', 'plugin/', ...shells] },
  // The sandbox must not confirm the product with the product's own code.
  {
    of: 'src/sandbox/',
    may: [
      'src/sandbox/',
      'src/errors.ts',
      'src/core/secret/sealed/open.ts',
      'src/core/secret/sealed/scope.ts',
    ],
  },
]
for (const file of sources) {
  const layer = layers.find(({ of }) => file.startsWith(of))
  if (!layer) {
    complain(file, 'no layer holds it')
    continue
  }
  const own = layer.ownFolder ? [`${file.split('/').slice(0, 3).join('/')}/`] : []
  for (const { specifier, file: target } of imports.get(file)) {
    if (target === undefined) {
      if (layer.modules && !layer.modules.includes(specifier))
        complain(file, `imports ${specifier}, which ${layer.of} may not`)
    } else if (!existsSync(join(root, target)))
      complain(file, `imports ${target}, which is not there`)
    else if (![...layer.may, ...own].some(place => target.startsWith(place)))
      complain(file, `imports ${target}, which ${layer.of} may not`)
  }
}

// Cycles, of types too (Tarjan).
const cyclesIn = graph => {
  const index = new Map()
  const low = new Map()
  const stack = []
  const cycles = []
  const visit = node => {
    index.set(node, index.size)
    low.set(node, index.get(node))
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)))
    }
    if (low.get(node) !== index.get(node)) return
    const members = stack.splice(stack.indexOf(node))
    if (members.length > 1 || graph.get(node).includes(node)) cycles.push(members.sort())
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return cycles
}
const fileGraph = new Map(
  sources.map(file => [file, imports.get(file).flatMap(({ file: target }) => target ?? [])]),
)
for (const members of cyclesIn(fileGraph))
  complain(members[0], `imports in a circle: ${members.join(', ')}`)

// Sizes.
const linesLimit = file =>
  file.startsWith('test/') ? 400 : file.startsWith('src/sandbox/') ? 250 : 200
for (const file of [...sources, ...tests]) {
  const lines = textOf(file).split('\n').length - 1
  const limit = linesLimit(file)
  if (lines > limit) complain(file, `${lines} lines, the limit is ${limit}`)
}
const mostInFolder = 15
const folders = new Map()
for (const file of sources)
  folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file])
for (const [folder, files] of folders)
  if (files.length > mostInFolder)
    complain(folder, `${files.length} files, the limit is ${mostInFolder}`)

// Names: kebab-case, no bucket, and called like what the file exports first of all.
const exportsOf = file =>
  ts
    .createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true)
    .statements.filter(statement =>
      ts.canHaveModifiers(statement)
        ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
        : false,
    )
    .flatMap(statement =>
      ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => ({
            name: name.getText(),
            isType: false,
          }))
        : statement.name
          ? [
              {
                name: statement.name.getText(),
                isType:
                  ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement),
              },
            ]
          : [],
    )
const flat = name => name.replaceAll('-', '').toLowerCase()
// Files of which no one export is the main one.
const named = ['src/errors.ts']
for (const file of sources) {
  const name = basename(file, '.ts')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) complain(file, 'the name is not kebab-case')
  if (/^(utils?|helpers?|common|types?|index)$/.test(name))
    complain(file, 'the name does not say what the file is for')
  const found = exportsOf(file)
  if (
    found.length > 0 &&
    !named.includes(file) &&
    !found.some(({ name: one }) => flat(one) === flat(name))
  )
    complain(file, `no export is called like it: ${found.map(({ name: one }) => one).join(', ')}`)
}

// Tests: the topic of src/<area>/<topic>/** has the entry test/<area>/<topic>.test.ts, that of src/<area>/*.ts
// test/<area>.test.ts; longer ones have parts in a folder of that name. test/soak/ is played by `npm run soak` alone.
const entries = tests.filter(file => file.endsWith('.test.ts'))
const topicOf = file => {
  const folders = dirname(file)
    .split('/')
    .filter(folder => folder !== 'src')
  return folders.length === 0 ? 'test/src' : ['test', ...folders.slice(0, 2)].join('/')
}
const partsOf = new Map(
  entries.map(entry => {
    const folder = `${entry.slice(0, -'.test.ts'.length)}/`
    const parts = imports
      .get(entry)
      .flatMap(({ file }) => file ?? [])
      .filter(file => file.startsWith(folder) && !file.endsWith('.test.ts'))
    return [entry, [entry, ...parts]]
  }),
)
const owned = new Set([...partsOf.values()].flat())
for (const file of tests)
  if (!/^test\/(?:support\/|soak\/[^/]*\.soak\.ts$)/.test(file) && !owned.has(file))
    complain(file, 'is neither an entry nor a part that the entry of its folder imports')
for (const files of partsOf.values())
  for (const file of files)
    for (const { file: target } of imports.get(file))
      if (
        target?.startsWith('test/') &&
        !target.startsWith('test/support/') &&
        !files.includes(target)
      )
        complain(file, `imports ${target}, which is not of its topic`)
// A demo is played as a whole, with its sandbox and the bot as processes: test/acceptance/demo.test.ts does that. The
// sandbox is tested through its doors, the start-*.ts files, by scenes in test/support too.
const isPlayed = file =>
  /^src\/demo\/(bot-process|person|play-run|prepare-hub|run-demo|run-on-sandbox|seal-credential|rehearse\/rehearse)\.ts$/.test(
    file,
  )
const isInside = file => file.startsWith('src/sandbox/') && !/\/start-[^/]*$/.test(file)
const valuesOf = test =>
  imports.get(test).flatMap(({ file, isType }) => (isType ? [] : (file ?? [])))
const reachedAnywhere = new Set(
  [...sources, ...tests].flatMap(file =>
    file.startsWith('src/sandbox/') || file.startsWith('test/') ? valuesOf(file) : [],
  ),
)
for (const file of sources) {
  if (isPlayed(file) || isInside(file) || exportsOf(file).every(({ isType }) => isType)) continue
  if (file.startsWith('src/sandbox/')) {
    if (!reachedAnywhere.has(file)) complain(file, 'no test and no other door opens it')
    continue
  }
  const entry = `${topicOf(file)}.test.ts`
  if (!(partsOf.get(entry) ?? []).some(test => valuesOf(test).includes(file)))
    complain(file, `no test of its topic imports it (${entry})`)
}

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
