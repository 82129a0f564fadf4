// The licences of what the bundle holds.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes name, version, licence and licence texts of each package whose files the build read, in order of the names. */
export const listLicenses = ({ inputs }) => {
  const directories = new Set(
    Object.keys(inputs).flatMap(
      file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
    ),
  )
  const packages = [...directories].map(directory => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(directory, 'package.json'), 'utf8'),
    )
    const texts = readdirSync(directory)
      .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
      .sort()
      .map(file => readFileSync(join(directory, file), 'utf8').trim())
    return { name, text: [`${name} ${version}: ${license}`, ...texts].join('\n\n') }
  })
  const line = `\n\n${'-'.repeat(80)}\n\n`
  return `Sower bundles these packages.${line}${packages
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ text }) => text)
    .join(line)}\n`
}
