import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Working storage shared by all tracks of a thread, so that it stays in the processor's cache.
///
/// Its content is valid until the thread processes its next frame, of whichever track.
// Safe: a value is reached only through its own thread's box, or from the copy cached for that thread; so no two
// threads ever use it. A box is freed when its thread ends, and a later thread with the same number is then its only
// user. The value's type is part of the key of its slot.
public struct ThreadScratch<Value: AnyObject> {
    private let slot: Int
    private let make: @Sendable () -> Value
    /// The value used last, and its thread: most tracks stay on one thread.
    private var last: Value?
    private var thread: pthread_t?

    /// - Parameters:
    ///   - layout: distinguishes values of the same type: all with the same layout share one per thread.
    ///   - make: creates a thread's value, once.
    public init(layout: [Int], make: @escaping @Sendable () -> Value) {
        slot = ThreadBox.slot(of: ThreadBox.Layout(type: ObjectIdentifier(Value.self), numbers: layout))
        self.make = make
    }

    /// This thread's value.
    ///
    /// - Complexity: O(1); allocates nothing but the value, at the thread's first call.
    public mutating func own() -> Value {
        let now = pthread_self()
        if let last, thread == now { return last }
        let value = find()
        thread = now
        last = value
        return value
    }

    private func find() -> Value {
        let box = ThreadBox.own
        if slot < box.values.count, let value = box.values[slot] { return unsafeDowncast(value, to: Value.self) }
        let value = make()
        while box.values.count <= slot { box.values.append(nil) }
        box.values[slot] = value
        return value
    }
}

/// The values of one thread: one slot per layout.
private final class ThreadBox {
    struct Layout: Hashable {
        var type: ObjectIdentifier
        var numbers: [Int]
    }

    var values: [AnyObject?] = []

    private static let slots = Mutex<[Layout: Int]>([:])

    static func slot(of layout: Layout) -> Int {
        slots.withLock { slots in
            if let slot = slots[layout] { return slot }
            slots[layout] = slots.count
            return slots.count - 1
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { box in
            if let box { Unmanaged<ThreadBox>.fromOpaque(box).release() }
        }
        precondition(status == 0, "no thread-specific key is available")
        return key
    }()

    static var own: ThreadBox {
        if let box = pthread_getspecific(key) { return Unmanaged<ThreadBox>.fromOpaque(box).takeUnretainedValue() }
        let box = ThreadBox()
        pthread_setspecific(key, Unmanaged.passRetained(box).toOpaque())
        return box
    }
}
