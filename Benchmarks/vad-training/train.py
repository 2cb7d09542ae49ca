#!/usr/bin/env python3
"""Trains the detector's network on what mix.py drew and vad-rows measured.

Run: train.py WORK MINUTES TRAIN_SEEDS VALIDATION_SEED      e.g. train.py work 40 1,2,3 1000

Writes WORK/net.npz; begins from WORK/start.npz if it exists, to go on with an earlier one. If WORK/teacher.npz exists, a
network that looks TEACHER_DELAY rows ahead, what it says is 0.7 of what is taught, and the labels 0.3 (Hinton et al. 2015,
arXiv:1503.02531).

    d = tanh(A·x + a)                        40 -> 16
    r, z = sigmoid(B·[d, h] + b)             a gated recurrent unit of 24 (Cho et al. 2014, arXiv:1406.1078)
    n = tanh(C·d + c + r·(D·h + e))
    h = n + z·(h - n)
    P = sigmoid(E·h + f)                     speech, music, tone of the row DELAY before

tanh is the rational x·(27 + x²)/(27 + 9x²) of x in -3...3, sigmoid(x) = (1 + tanh(x/2))/2 with it: as in the program.
"""
import os, sys, time
import numpy as np
import jax, jax.numpy as jnp

INPUTS, DENSE, UNITS, DELAY = 40, 16, 24, 1
TEACHER_DELAY, TAUGHT = 3, .7
RATE = float(os.environ.get('RATE', 4e-3))


def tanh(x):
    x = jnp.clip(x, -3, 3)
    return x * (27 + x * x) / (27 + 9 * x * x)


def sigmoid(x): return .5 + .5 * tanh(.5 * x)


def init(key):
    k = jax.random.split(key, 6)
    g = lambda key, i, o: jax.random.normal(key, (i, o)) / np.sqrt(i)
    return dict(A=g(k[0], INPUTS, DENSE), a=jnp.zeros(DENSE), B=g(k[1], DENSE + UNITS, 2 * UNITS),
                b=jnp.r_[jnp.zeros(UNITS), jnp.linspace(0, 4, UNITS)], C=g(k[2], DENSE, UNITS), c=jnp.zeros(UNITS),
                D=g(k[3], UNITS, UNITS), e=jnp.zeros(UNITS), E=g(k[4], UNITS, 3), f=jnp.zeros(3))


def run(p, x):
    """x: [batch, rows, inputs] -> logits [batch, rows, 3]"""
    d = tanh(x @ p['A'] + p['a'])
    gates = (d @ p['B'][:DENSE] + p['b']).swapaxes(0, 1)
    new = (d @ p['C'] + p['c']).swapaxes(0, 1)
    U = jnp.concatenate([p['B'][DENSE:], p['D']], 1)
    def step(h, s):
        g, n = s
        u = h @ U
        rz = sigmoid(g + u[:, :2 * UNITS])
        n = tanh(n + rz[:, :UNITS] * (u[:, 2 * UNITS:] + p['e']))
        h = n + rz[:, UNITS:] * (h - n)
        return h, h
    _, h = jax.lax.scan(step, jnp.zeros((x.shape[0], UNITS)), (gates, new), unroll=4)
    return h.swapaxes(0, 1) @ p['E'] + p['f']


def loss(p, x, y, w):
    z = run(p, x)
    bce = jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))
    return (bce * w).sum() / w.sum() + 1e-5 * sum((v ** 2).sum() for v in p.values())


def load(work, seed):
    y = np.load(f'{work}/mix{seed}.npy')
    x = np.fromfile(f'{work}/mix{seed}.rows', np.float32).reshape(len(y), -1, INPUTS)
    rows = x.shape[1]
    out, w = np.zeros((len(y), rows, 3), np.float32), np.zeros((len(y), rows, 3), np.float32)
    out[:, DELAY:] = y[:, :rows - DELAY]
    near = np.zeros((len(y), rows), bool)
    s = out[..., 0]
    for k in range(1, 4):
        near[:, k:] |= s[:, k:] != s[:, :-k]
        near[:, :-k] |= s[:, k:] != s[:, :-k]
    w[..., 0] = np.where(near, .3, 1)
    # Whether a pause of 0.2 to 0.6 s inside a sentence is speech, people who label do not agree on.
    for i in range(len(s)):
        edge = np.flatnonzero(np.diff(np.r_[0, s[i], 0]))
        for a, b in zip(edge[1::2], edge[2::2]):
            if b - a < 60: w[i, a:b, 0] = .15
    w[..., 1] = .3
    w[..., 2] = .3 + 1.5 * out[..., 2]
    w[:, :10] *= .2
    # Music under a voice is neither here nor there.
    w[..., 1] *= np.where((out[..., 0] > 0), .3, 1)
    # A hold queue of an hour costs more than a word: what stands alone must not speak.
    far = np.stack([np.convolve(one, np.ones(201), 'same') < .5 for one in s])
    w[..., 0] *= np.where(far, 1.6, 1) * np.where((out[..., 1] > 0) & (s == 0), 1.25, 1) * np.where((out[..., 2] > 0) & (s == 0), 2, 1)
    return x, out, w


def teach(work, x, out):
    """The labels with what the teacher says of them."""
    teacher = {k: jnp.array(v) for k, v in np.load(f'{work}/teacher.npz').items()}
    forward = jax.jit(run)
    z = np.concatenate([jax.nn.sigmoid(forward(teacher, x[i:i + 60])) for i in range(0, len(x), 60)])
    ahead = TEACHER_DELAY - DELAY
    out[:, :-ahead] = TAUGHT * z[:, ahead:] + (1 - TAUGHT) * out[:, :-ahead]


def cut(a, rows=1000):
    """Pieces of 10 s: three times as many sequences a batch, a third of the steps."""
    k = -(-a.shape[1] // rows)
    return np.pad(a, ((0, 0), (0, k * rows - a.shape[1]), (0, 0))).reshape(-1, rows, a.shape[2])


def auc(s, t):
    o = np.argsort(s, kind='stable'); rank = np.empty(len(s)); rank[o] = np.arange(len(s))
    n = t.sum()
    return (rank[t].sum() - n * (n - 1) / 2) / (n * (len(t) - n))


def main(work, minutes, seeds, validation):
    parts = [load(work, s) for s in seeds.split(',')]
    if os.path.exists(f'{work}/teacher.npz'):
        for x, y, _ in parts: teach(work, x, y)
    X, Y, W = (np.concatenate([p[i] for p in parts]) for i in range(3))
    X, Y, W = cut(X), cut(Y), cut(W)
    W[:, :30] *= .3
    x, y, w = load(work, validation)
    print(X.shape, x.shape, flush=True)
    p = init(jax.random.key(0))
    start = f'{work}/start.npz'
    if os.path.exists(start): p = {k: jnp.array(v) for k, v in np.load(start).items()}
    m = jax.tree.map(jnp.zeros_like, p); v = jax.tree.map(jnp.zeros_like, p)
    batch, t, epoch, part = 48, 0, 0, 0.
    @jax.jit
    def update(p, m, v, t, lr, x, y, w):
        l, g = jax.value_and_grad(loss)(p, x, y, w)
        n = jnp.sqrt(sum((a ** 2).sum() for a in g.values()))
        g = jax.tree.map(lambda a: a * jnp.minimum(1, 1 / n), g)
        m = jax.tree.map(lambda a, b: .9 * a + .1 * b, m, g)
        v = jax.tree.map(lambda a, b: .99 * a + .01 * b * b, v, g)
        p = jax.tree.map(lambda q, a, b: q - lr * (a / (1 - .9 ** t)) / (jnp.sqrt(b / (1 - .99 ** t)) + 1e-8), p, m, v)
        return p, m, v, l
    forward = jax.jit(run)
    rng = np.random.default_rng(0)
    began = time.time()
    while part < 1:
        order, sum_, n = rng.permutation(len(X)), 0, 0
        for i in range(0, len(X) - batch + 1, batch):
            t, n = t + 1, n + 1
            part = min(1, (time.time() - began) / 60 / minutes)
            lr = RATE * (.5 + .5 * np.cos(np.pi * part)) + 3e-5
            k = order[i:i + batch]
            p, m, v, l = update(p, m, v, t, lr, X[k], Y[k], W[k])
            sum_ += float(l)
            if part == 1: break
        epoch += 1
        if epoch % 3 == 0 or part == 1:
            z = np.concatenate([forward(p, x[i:i + 60]) for i in range(0, len(x), 60)])
            quiet = y[..., 0].sum(1) == 0
            bce = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
            print(epoch, 'train %.4f' % (sum_ / n), 'validation %.4f' % ((bce * w).sum() / w.sum()), 'AUC', *('%.4f' % auc(z[..., i].ravel(), y[..., i].ravel() > 0) for i in range(3)),
                  'false %.3f' % (z[quiet][..., 0] > 0).mean(), '%.0f s' % (time.time() - began), flush=True)
            np.savez(f'{work}/net.npz', **{k: np.array(a) for k, a in p.items()})


if __name__ == '__main__': main(sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
