import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Working storage that all tracks of a thread share, so that it stays in the processor's cache from track to track.
///
/// What is in it is good until the thread computes its next frame, whichever track that is of.
// Safe: a value is reached only through its own thread's box, or by whoever had it on that thread before and is there
// again; so no two threads ever use it. A box is freed when its thread ends, and a later thread of the same number is then
// the only one that has it. The type of a value is part of what its place is found by.
public struct ThreadScratch<Value: AnyObject> {
    private let place: Int
    private let make: @Sendable () -> Value
    /// What was had last, and on which thread: most tracks stay on theirs.
    private var last: Value?
    private var thread: pthread_t?

    /// - Parameters:
    ///   - layout: what tells values of a type apart: all with the same layout share one a thread.
    ///   - make: makes a thread's value, once.
    public init(layout: [Int], make: @escaping @Sendable () -> Value) {
        place = ThreadBox.slot(of: ThreadBox.Layout(type: ObjectIdentifier(Value.self), numbers: layout))
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
        if place < box.values.count, let value = box.values[place] { return unsafeDowncast(value, to: Value.self) }
        let value = make()
        while box.values.count <= place { box.values.append(nil) }
        box.values[place] = value
        return value
    }
}

/// What one thread keeps: a place a layout.
private final class ThreadBox {
    struct Layout: Hashable {
        var type: ObjectIdentifier
        var numbers: [Int]
    }

    var values: [AnyObject?] = []

    private static let places = Mutex<[Layout: Int]>([:])

    static func slot(of layout: Layout) -> Int {
        places.withLock { places in
            if let place = places[layout] { return place }
            places[layout] = places.count
            return places.count - 1
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { box in
            if let box { Unmanaged<ThreadBox>.fromOpaque(box).release() }
        }
        precondition(status == 0, "a process has room for one more key of threads")
        return key
    }()

    static var own: ThreadBox {
        if let box = pthread_getspecific(key) { return Unmanaged<ThreadBox>.fromOpaque(box).takeUnretainedValue() }
        let box = ThreadBox()
        pthread_setspecific(key, Unmanaged.passRetained(box).toOpaque())
        return box
    }
}
