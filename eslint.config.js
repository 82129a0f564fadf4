import js from '@eslint/js'
import ts from 'typescript-eslint'

const layer = (files, group, message, regex = '^$') => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group, message },
          { regex, message },
        ],
      },
    ],
  },
})

export default ts.config(
  { ignores: ['dist/', 'node_modules/', '.tap/', 'tap-snapshots/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Awaiting inside `async` shells that satisfy a promise-returning port is not required.
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Core decides: no input or output, no clock, no SDK (design: node:crypto and path/posix only).
  layer(
    ['src/core/**'],
    [
      '**/adapters/**',
      '**/operations/**',
      '**/bot/**',
      '**/cli/**',
      '**/sandbox/**',
      'execa',
      'simple-git',
      '@octokit/*',
      '@kubernetes/*',
      'pino',
      'commander',
    ],
    'src/core is pure',
    '^node:(?!crypto$|path/posix$)',
  ),
  layer(
    ['src/operations/**'],
    [
      '**/adapters/**',
      '**/bot/**',
      '**/cli/**',
      '**/sandbox/**',
      'execa',
      'simple-git',
      '@octokit/*',
      '@kubernetes/*',
    ],
    'operations reach the world through ports.ts',
  ),
  layer(
    ['src/adapters/**'],
    [
      './*.ts',
      '!./binary.ts',
      '!./directory-tree.ts',
      '!./git-*.ts',
      '!./kubernetes-*.ts',
      '!./kustomize-*.ts',
      '!./run-limited.ts',
      '**/bot/**',
      '**/cli/**',
      '**/sandbox/**',
    ],
    'adapters know one outside system each and never each other',
  ),
  layer(
    ['src/sandbox/**'],
    [
      '**/core/**',
      '!**/core/secret/',
      '**/core/secret/*',
      '!**/core/secret/open.ts',
      '!**/core/secret/scope.ts',
      '**/operations/**',
      '**/adapters/**',
      '**/bot/**',
      '**/cli/**',
    ],
    'the sandbox imports nothing of src but the unsealing',
  ),
  {
    files: ['test/**'],
    rules: {
      // tap awaits the promise of t.test itself.
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['scripts/**', '*.config.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
  },
)
