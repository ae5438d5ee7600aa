// Fills node_modules from package-lock.json, once: builds that run side by side wait for the first, then find its stamp.
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.stamp');
const lock = join(root, 'obj', 'npm.lock');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
const filled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
const alive = pid => { try { process.kill(pid, 0); return true; } catch (e) { return e.code === 'EPERM'; } };

mkdirSync(dirname(lock), { recursive: true });
for (;;) {
  try { writeFileSync(lock, String(process.pid), { flag: 'wx' }); break; } catch (e) { if (e.code !== 'EEXIST') throw e; }
  let holder = '';
  try { holder = readFileSync(lock, 'utf8'); } catch { continue; }
  if (holder && !alive(Number(holder))) rmSync(lock, { force: true });
  else await new Promise(wait => setTimeout(wait, 200));
}
try {
  if (!filled()) execSync('npm ci --no-audit --no-fund --ignore-scripts --loglevel=error', { cwd: root, stdio: 'inherit' });
  writeFileSync(stamp, wanted); // also when already filled: its time is what the build compares
} finally {
  rmSync(lock, { force: true });
}
