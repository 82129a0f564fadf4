/* global setInterval, clearInterval */
// What a fleet costs in shards, beside one plain kustomize in the same run: table and plot of docs/performance.md.
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs', 'performance.md')
const plot = join(root, 'docs', 'performance.svg')

/**
 * Runs a program to its end: seconds, seconds of processor time of it and all that it started, and the most memory
 * that they held together, in MB.
 */
const measure = (words, cwd, environment = {}) =>
  new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn('sh', ['-c', '"$@" >/dev/null || exit 1; times >&2', 'sh', ...words], {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    let peak = 0
    child.stderr.on('data', chunk => (said += chunk))
    const watch = setInterval(() => (peak = Math.max(peak, memoryBelow(child.pid))), 40)
    child.on('close', code => {
      clearInterval(watch)
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      const taken = [...said.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2)
      const processor = taken.reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0)
      if (code === 0) resolve({ seconds, processor, peak })
      else reject(new Error(`${words.join(' ')} ended with ${code}: ${said}`))
    })
  })

/** Resident memory of a process and of all below it, without what they share twice, as far as /proc says. */
const memoryBelow = top => {
  try {
    const parents = new Map()
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
      } catch {
        // It has ended.
      }
    const isBelow = pid => pid === top || (parents.has(pid) && pid > 1 && isBelow(parents.get(pid)))
    let pages = 0
    for (const pid of parents.keys())
      if (isBelow(pid))
        try {
          pages += Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1])
        } catch {
          // It has ended.
        }
    return Math.round((pages * 4096) / 2 ** 20)
  } catch {
    return 0
  }
}

const least = async (times, work) => {
  const all = []
  for (let count = 0; count < times; count += 1) all.push(await work(count))
  const of = key => Math.min(...all.map(one => one[key]))
  return { seconds: of('seconds'), processor: of('processor'), peak: of('peak') }
}

const applications = 20

const ratio = (one, other) => (one / other).toFixed(2)

/** Measures, prints, and with `--write` puts table and plot into docs. */
export const fleet = async ({ core, directory, places, repositoryOf, version }) => {
  const { file, arguments: first } = core.findKustomize(places)
  const sower = (...words) => [process.execPath, join(root, 'dist', 'sower.js'), ...words]
  const sizes = (process.env['SOWER_BENCH_SIZES'] ?? '1,100,300,1000,2000,3500')
    .split(',')
    .map(Number)
  const node = await least(5, () => measure([process.execPath, '-e', '0'], root))
  const own = { SOWER_KUSTOMIZE: file, SOWER_TIME_LIMIT: '3600' }
  const rows = []
  for (const count of sizes) {
    const { at, seed } = repositoryOf(directory, count)
    const site = join(at, 'site')
    const times = count <= 300 ? 5 : count <= 1000 ? 2 : 1
    const plain = await least(times, () => measure([file, ...first, '.'], site))
    const cold = await least(times, () => measure(sower('generate', '.'), site, own))
    const cache = join(directory, `cache-${count}`)
    mkdirSync(cache)
    const kept = { ...own, SOWER_RENDER_CACHE: cache }
    await measure(sower('generate', '.'), site, kept)
    const same = await least(2, () => measure(sower('generate', '.'), site, kept))
    const changed = await least(2, number => {
      appendFileSync(join(site, `${seed}.yaml`), `# ${number}\n`)
      return measure(sower('generate', '.'), site, kept)
    })
    execFileSync('git', ['checkout', '--quiet', '.'], { cwd: at })
    const plan = await measure(sower('plan', seed, '-C', at, '--json'), at, own)
    const row = { count, plain, cold, same, changed, plan }
    rows.push(row)
    console.log(JSON.stringify(row))
  }
  rows.together = await together({ directory, repositoryOf, own, program: [file, ...first], sower })
  const table = tableOf(rows, node)
  console.log(table)
  if (!process.argv.includes('--write')) return
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, node ${process.version}, ${version}, load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`
  const text = readFileSync(page, 'utf8')
  writeFileSync(
    page,
    text.replace(
      /<!-- measured -->[^]*<!-- end -->/,
      () => `<!-- measured -->\n\nMeasured on ${machine}.\n\n${table}\n<!-- end -->`,
    ),
  )
  writeFileSync(plot, plotOf(rows))
}

/**
 * As many Applications as Argo CD may ask for at once: all of them by `generate`, beside plain builds two at a time.
 * Seconds of each, by size.
 */
const together = async ({ directory, repositoryOf, own, program, sower }) => {
  const results = []
  for (const count of [1000, 2000]) {
    const sites = Array.from({ length: applications }, () =>
      join(repositoryOf(directory, count).at, 'site'),
    )
    const seconds = async work => {
      const start = process.hrtime.bigint()
      await work()
      return Number(process.hrtime.bigint() - start) / 1e9
    }
    const left = [...sites]
    const worker = async () => {
      for (let site = left.pop(); site !== undefined; site = left.pop())
        await measure([...program, '.'], site)
    }
    const plain = await seconds(() => Promise.all([worker(), worker()]))
    const ours = await seconds(() =>
      Promise.all(sites.map(site => measure(sower('generate', '.'), site, own))),
    )
    results.push({ count, plain, ours })
    console.log(JSON.stringify({ applications, count, plain, ours }))
  }
  return results
}

const tableOf = (rows, node) => {
  const cells = [
    ['ClusterInstances', 'one build', 'cold', 'one changed', 'unchanged', '`plan`', 'memory'],
    ['---', '---', '---', '---', '---', '---', '---'],
    ...rows.map(({ count, plain, cold, same, changed, plan }) => [
      count,
      `${plain.seconds.toFixed(2)} s, ${plain.processor.toFixed(2)} s CPU`,
      ...[cold, changed, same, plan].map(
        one =>
          `${ratio(one.seconds, plain.seconds)}, ${ratio(one.processor, plain.processor)} CPU${count <= 100 ? `, +${((one.processor - plain.processor) / node.processor).toFixed(1)} node` : ''}`,
      ),
      `${cold.peak} MB (${plain.peak})`,
    ]),
  ]
  const beside = rows.together.map(
    ({ count, plain, ours }) =>
      `${applications} Applications of ${count} at once: ${ours.toFixed(1)} s, plain builds two at a time ${plain.toFixed(1)} s (${ratio(ours, plain)}).\n`,
  )
  return `${cells.map(row => `| ${row.join(' | ')} |\n`).join('')}\n${beside.join('')}`
}

/** Processor time over the number of ClusterInstances. */
const plotOf = rows => {
  const [width, height, left, bottom] = [640, 360, 56, 40]
  const most = Math.max(...rows.map(({ plain }) => plain.processor)) * 1.05
  const widest = Math.max(...rows.map(({ count }) => count))
  const x = count => left + ((width - left - 16) * count) / widest
  const y = seconds => height - bottom - ((height - bottom - 16) * seconds) / most
  const line = (key, color) =>
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${rows.map(row => `${x(row.count).toFixed(1)},${y(row[key].processor).toFixed(1)}`).join(' ')}"/>`
  const label = (key, name, color) => {
    const last = rows.at(-1)
    return `<text x="${x(last.count) - 4}" y="${y(last[key].processor) - 6}" fill="${color}" text-anchor="end">${name}</text>`
  }
  const lines = [
    ['plain', 'one build', '#c0392b'],
    ['cold', 'in shards, cold', '#1f6f8b'],
    ['changed', 'one changed', '#2e8b57'],
  ]
  const ticks = [0.25, 0.5, 0.75, 1].map(part => Math.round(most * part))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>Seconds of processor time over the number of ClusterInstances</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<path d="M${left} 16V${height - bottom}H${width - 16}" fill="none" stroke="#555"/>
${ticks.map(tick => `<text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick} s</text>`).join('\n')}
${rows
  .filter(({ count }) => count >= 1000)
  .map(
    ({ count }) => `<text x="${x(count)}" y="${height - 20}" text-anchor="middle">${count}</text>`,
  )
  .join('\n')}
${lines.map(([key, , color]) => line(key, color)).join('\n')}
${lines.map(([key, name, color]) => label(key, name, color)).join('\n')}
</svg>
`
}
